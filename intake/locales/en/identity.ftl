# Remarks on identity card and face: for the officer to see; none refuses a dossier by itself.
flag-card-qr-missing = The card's QR code could not be read. Compare with what is printed on it.
flag-card-qr-foreign = The QR code in the picture is not an identity card's.
flag-card-back-missing = There is no picture of the card's back.
flag-card-zone-unread = The machine-readable zone on the card's back could not be read.
flag-card-check-digit = A check digit in the machine-readable zone does not fit ({ $part ->
    [document_number] card number
    [number] personal number
    [born_on] date of birth
    [expires_on] date of expiry
   *[composite] whole zone
}): misread, or the card was altered.
flag-card-document-number = The card number in the machine-readable zone is not the last nine digits of the personal number.
flag-card-sources-differ = QR code and machine-readable zone say different things: { $part ->
    [number] personal number
    [full_name] full name
    [born_on] date of birth
   *[sex] sex
}.
flag-card-number-birth-year = The year in the personal number is not that of the birth date on the card.
flag-card-number-sex = The sex in the personal number is not the one on the card.
flag-card-number-place = The first three digits of the personal number name no province and no country.
flag-card-born-later = The birth date on the card lies in the future.
flag-card-issue-date = The card's date of issue lies before the birth date or in the future.
flag-card-expired = The card expired on { $date }.
flag-face-card-none = No face was found in the picture of the card. Compare by eye.
flag-face-live-none = No face was found in the live picture. Take it again, facing the camera, in good light.
flag-face-card-several = The picture of the card shows { $count } faces, and none stands out. Compare by eye.
flag-face-live-several = The live picture shows { $count } faces. Only the applicant should stand before the camera.
flag-face-card-nearest = The picture of the card shows { $count } faces; the largest was compared.
flag-face-live-nearest = The live picture shows { $count } faces; the nearest was compared.
flag-face-card-small = The face on the card is only { $width } pixels wide: the comparison is less reliable.
flag-face-live-small = The face in the live picture is only { $width } pixels wide: the comparison is less reliable.
flag-face-differs = The face does not look like the card holder's. Compare by eye.
flag-holder-unnamed = No name was read from the document to hold against the card.
flag-holder-differs = The document names { $document }, the card { $card }. It may be somebody else's document.
flag-holder-spelling = The names differ in their marks: { $document } on the document, { $card } on the card.
flag-holder-number = The document bears the number { $document }, the card { $card }.
flag-holder-birth = The document gives the birth date { $document }, the card { $card }.
