"""From an uploaded file to straightened page images."""
