## The buttons on a result's page
receipt-heading = A receipt for your files
receipt-lead = It states the result at the moment of the download, signed by this portal, with the proof inside. Whoever gets it can check it without network and without asking us.
receipt-download-pdf = Download the receipt (PDF)
receipt-download-json = For software (JSON)

## On the printed receipt
receipt-title = Verification receipt
receipt-issued-by = Portal for checking certified electronic copies { $portal }
receipt-row-code = Code asked about
receipt-row-digest = SHA-256 of the file asked about
receipt-row-checked-at = Checked at
receipt-row-status = Status of the copy with this code
receipt-status = { $status ->
    [valid] In force
    [superseded] Replaced by another copy
    [suspended] Suspended for now
   *[revoked] Cancelled
    }
receipt-row-since = Since
receipt-row-reason = Reason
receipt-copy-heading = The copy in the registry
receipt-copy-erased = The copy’s facts were erased on request; its proofs remain.
receipt-copy-word = These lines are the portal’s word from the registry, for comparison; the attached proofs do not contain them.
receipt-proof-heading = Attached proof
receipt-row-log = Public log, up to entry { $size }
receipt-row-root = Signed root hash
receipt-row-cosigned = Cosigned by
receipt-row-entries = Every entry of the log about this copy
receipt-entry = { $what }, entry { $ordinal }, { $time } on { $day }
receipt-no-entry = No entry is about this code.
receipt-no-proof = No proof can show that a file is not in the log: this rests on the portal’s word alone.
receipt-moment = True at the time stated above; it may have changed since. This receipt is not a certified copy.
receipt-again-code = Scan to ask for the present result
receipt-again-home = Scan to open the portal
receipt-check = Check this receipt without network:
receipt-attached = The signed statement and its proofs are in the file { $file } attached to this PDF.
receipt-qr = QR code leading to { $address }

## Refusals
problem-receipt-nothing-title = There is nothing to attest
problem-receipt-nothing-detail = The code or SHA-256 fingerprint is malformed, so nothing was checked. Look at it again and retry.
problem-receipt-later-title = No receipt can be made right now
problem-receipt-later-detail = The fault is ours and says nothing about the copy. Please try again in a few seconds.
problem-receipt-not-made-title = This portal makes no receipts of this form
problem-receipt-not-made-detail = It has not been given a key to sign receipts. You can still look up copies and download their proofs.
