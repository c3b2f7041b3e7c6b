"""Receipts: a verdict that its asker can show to others later, who need not ask or trust us."""
