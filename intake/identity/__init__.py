"""Who stands at the kiosk: the identity card's QR and MRZ, and the face beside its portrait."""
