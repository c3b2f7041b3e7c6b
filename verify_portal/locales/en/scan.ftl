## The seal in a QR code
check-seal = Seal in the QR code
check-seal-passed = The certifying authority signed the seal, and all that it says is what the registry holds. A seal can be copied onto other paper: compare it with the paper.
check-seal-warned-unregistered = The seal is genuine, but the registry holds no such copy.
check-seal-skipped-no-key = This site has no public key of the seal yet, so the seal was not checked.
check-seal-failed-malformed = What follows the # is no whole seal: part of it is cut off, or it is not from this system.
check-seal-failed-forged = No key of the certifying authority signed this seal: it was changed or forged.
check-seal-failed-key-not-in-use = The seal is signed by an old key that was not in use on the day that the seal names.
check-seal-failed-other-code = The seal is genuine but another copy’s: its code is not the one in the link.
check-seal-failed-differs = { $field ->
    [book] The seal is genuine, but its book is not the one in the registry.
    [number] The seal is genuine, but its certification number is not the one in the registry.
    [place] The seal is genuine, but its place in the status lists is not the one in the registry.
    [document_type] The seal is genuine, but its type of document is not the one in the registry.
    [holder_name] The seal is genuine, but its name is not the one in the registry.
    [unit_name] The seal is genuine, but its certifying unit is not the one in the registry.
    [page_count] The seal is genuine, but its number of pages is not the one in the registry.
   *[certified_on] The seal is genuine, but its date is not the one in the registry.
    }
result-sealed-heading = What the seal in the QR code says
result-sealed-lead = Compare each line with the paper in your hand. If one differs, the seal was copied from another copy.
fact-sealed-holder = Name
fact-number = Certification number
fact-book = Book
