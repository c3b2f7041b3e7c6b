"""From page images to a named document type, its fields and the remarks on them."""
