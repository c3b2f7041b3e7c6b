"""The kiosk: a citizen hands in scans, an identity card and a face, and follows the dossier."""
