"""Handing the issued copy to the citizen."""
