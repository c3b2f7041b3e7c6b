# Words printed on the electronic copy.
copy-title = Certified electronic copy of an original, code { $code }
copy-attestation = Certified to be a true copy of the original
copy-number = Certification number: { $number }
copy-book = Book: { $book }
copy-date = Date (day { $day }, month { $month }, year { $year })
copy-certifier = Certifying officer
copy-certifier-note = (signature, full name and seal)
copy-facts = About this copy
copy-fact-original = Original
copy-fact-holder = Of
copy-fact-pages = Pages of the original
copy-fact-unit = Certified at
copy-fact-code = Verification code
copy-scan = Scan the QR code or type the verification code to check:
copy-foot-code = Verification code: { $code }
copy-foot-source = Printed from an electronic copy, source: { $source }.
copy-foot-check = Check at { $address }
copy-foot-page = Page { $page }/{ $pages }
copy-page-image = Image of the original, page { $page }
copy-qr-image = QR code leading to the page that checks copy { $code }
copy-foreign = Certified electronic copy of a paper original. Check its validity at { $address } with the code { $code }.
copy-source = Electronic copy system of { $unit }

# The visible signature and seal.
stamp-signed-by = Signed by: { $name }
stamp-signed-at = Signed at: { $time }
signature-reason-officer = Certified to be a true copy of the original, BANSAO { $code }
signature-reason-seal = Seal of the certifying agency, BANSAO { $code }

# What can go wrong while certifying.
error-certification-failed = The copy could not be certified yet. The dossier is intact; the system will go on from the step it had reached.
error-not-ordered = No competent officer has ordered the certification of this dossier.
error-may-not-certify = { $why ->
    [unknown-unit] Unit { $unit } is not in the register of authority. Ask the administrator to enter it.
    [unknown-officer] You are not in the register of authority. Ask the administrator to enter you.
    [other-unit] You hold no office in unit { $unit }, so you cannot certify for it. An officer of that unit must sign.
    [out-of-office] You hold no office at present, so you cannot certify.
    [not-delegated] The chairman has not delegated certification to you. The chairman or an authorised officer must sign.
    [delegation-expired] Your delegation to certify ended at { $since }. Sign once a new one is entered, or let the chairman sign.
    [unknown-certificate] Your signing certificate is not in the register of authority. Ask the administrator to enter it.
    [unknown-seal] The digital seal of unit { $unit } is not in the register of authority. Ask the administrator to enter it.
    [certificate-of-another] The signing certificate of this account is another officer's. Ask the administrator.
    [seal-of-another-unit] The digital seal is not that of unit { $unit }. Ask the administrator.
    [certificate-expired] A certificate, yours or the seal's, is not valid at this time ({ $since }). It must be renewed before anything is signed.
    [certificate-revoked] A certificate, yours or the seal's, no longer counts since { $since }. Sign with a new one.
   *[other] You may not certify for this unit at present.
} The dossier is kept, and its number where it has one.
error-nothing-to-certify = The dossier holds no page to certify. Scan the original again.
error-unreadable-page = The image of page { $page } cannot be used. Scan that page again.
error-time-stamp-unavailable = The time-stamp service does not answer. No copy was issued; try again in a few minutes.
error-time-stamp-refused = The time-stamp service refused the request. No copy was issued; tell the system's administrator.
error-signing-key-unusable = The signing key { $signer } cannot be used. Tell the system's administrator to check the key file and its passphrase.
error-no-space-left = The disk is full, so the copy could not be stored. Free some space and try again; nothing was issued.
error-registry-not-reached = The registry of copies cannot be reached. No copy was issued; the system will go on by itself.
error-intake-not-reached = The connection to the database was lost. No copy was issued; the system will go on by itself.
error-checkpoint-late = The registry has taken the copy but has not published it yet. The copy is handed over once that is done.
