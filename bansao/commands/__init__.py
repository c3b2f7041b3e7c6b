"""The commands of `bansao`, one module each; heavy imports wait inside them."""
