"""What a copy costs and who pays it."""
