# The citizen's kiosk page.
error-consent-missing = We need your consent before taking pictures of your face and identity card. If you do not consent, please go to the counter.
error-unknown-unit = This kiosk belongs to no unit yet ({ $unit }). Please tell an officer.
error-weak-token = The dossier's key is not in the right form. Please start again.
error-upload-damaged = The file was damaged on its way. Please send it again.
error-too-many-scans = A dossier takes at most { $limit } files. Please join the pages into one PDF.
error-dossier-incomplete = { $missing ->
    [scan] There is no picture of the original yet.
    [card_front] There is no picture of the identity card's front yet.
   *[face] There is no picture of your face yet.
} Please add it and send again.
error-invalid-email = This e-mail address is not right. Correct it or leave it empty.
error-copy-not-ready = The copy has not been issued yet. Please wait for the last step.

kiosk-title = Certified electronic copies
kiosk-lead = Scan the original, an officer compares and signs, and you take home an electronic copy that can be checked anywhere.
kiosk-language = Language
kiosk-language-vi = Tiếng Việt
kiosk-language-en = English
kiosk-skip = Skip to the main content
kiosk-steps = Steps
kiosk-step-consent = Consent
kiosk-step-scan = Original
kiosk-step-person = Card and face
kiosk-step-review = Check
kiosk-step-progress = Result
kiosk-back = Back
kiosk-next = Continue
kiosk-done = Done, clear the screen
kiosk-cancel = Cancel and erase
kiosk-noscript = This page needs JavaScript. Please use another kiosk or go to the counter.
kiosk-money = { $amount } đ
kiosk-offline = The network is down. What you sent is safe; the page keeps trying.

consent-heading = Before you start
consent-bring = You need
consent-bring-original = The original of the document
consent-bring-card = Your identity card
consent-bring-minutes = About 3 to 5 minutes
consent-what = What data we process
consent-original = Pictures of the original, to make the copy and for the officer to compare.
consent-card = Pictures of your identity card, to know who asks.
consent-face = A picture of your face, to compare with the card's portrait. This is biometric data, which is sensitive. The machine only gives hints, an officer decides.
consent-rights = You may stop at any time before sending; your pictures are then erased. After sending you may withdraw your consent at the counter. If you do not consent, the counter serves you all the same.
consent-agree = I consent to the processing of pictures of my face and identity card for this purpose.
consent-start = Start

scan-heading = Scan the original
scan-lead = Photograph or upload each page, in order. JPEG, PNG, TIFF or PDF, up to 50 MB a file.
scan-camera = Use the camera
scan-upload = Choose files
scan-drop = or drop files here
scan-list = Pages received
scan-none = No pages yet.
scan-page = Page { $number }
scan-remove = Remove
scan-retake = Take again
scan-sending = Receiving and checking…
scan-ok = Received, sharp
scan-pages = { $count ->
    [one] { $count } page
   *[other] { $count } pages
}
scan-fix = Better taken again
scan-keep-note = You may send it all the same; an officer will look.

person-heading = Identity card and face
person-front = Card, front
person-front-hint = All four corners, no glare
person-back = Card, back
person-back-hint = With the QR code or the machine-readable lines
person-face = Your face
person-face-hint = Look straight ahead, no mask or sunglasses
person-optional = optional
person-camera = Photograph
person-upload = Choose a file
person-again = Do it again
person-received = Received

camera-heading = Camera
camera-shoot = Take the picture
camera-close = Close
camera-denied = The camera could not be opened. Allow its use, or choose a file.

review-heading = Check and send
review-original = Original
review-person = Card and face
review-complete = Complete
review-change = Change
review-fee = Certification fee
review-fee-pages = { $pages ->
    [one] { $pages } page
   *[other] { $pages } pages
}
review-fee-rule = Circular 226/2016/TT-BTC: 2,000 đ a page for pages 1 and 2, 1,000 đ from page 3, at most 200,000 đ a copy.
review-fee-subsidy = The city pays
review-fee-net = You pay
review-email = Contact e-mail
review-email-hint = Optional. The officer uses it to ask back.
review-send = Send
review-sending = Sending…

progress-heading = Your dossier
progress-number = Dossier number
progress-received = Received at
progress-station-received = Dossier received
progress-station-reading = Machine reads the document
progress-station-officer = Officer compares
progress-station-signing = Signed and entered in the book
progress-station-ready = Copy is ready
progress-now = in progress
progress-passed = done
progress-phone = Continue on your phone
progress-phone-hint = Scan this code to follow the dossier and take the copy on your phone. Whoever has this code can see the dossier: do not hand it to others.
progress-wait = You may wait here or scan the code to continue on your phone. A dossier received after 15:00 is answered on the next working day.

ready-heading = Your copy is ready
ready-code = Verification code
ready-book = Certification number
ready-book-value = { $number }, book { $book }
ready-download = Download the copy (PDF)
ready-proof = Download the proof of registration
ready-check = Check it at the public portal
ready-print = A print of this file is a print of an electronic copy: whoever receives it checks the code on the paper. The certified copy is the PDF with its digital signatures.

refused-heading = The document was not certified
refused-ground = Ground (Decree 23/2015, article 22)
refused-reason = The officer's reason
refused-next = What you can do
refused-next-text = Bring the original to the counter to have this explained, put right what the reason names, and hand it in again. A refused dossier costs you nothing, and you may lodge a complaint.

idle-heading = Are you still here?
idle-text = To keep your information private, the screen clears itself in { $seconds } seconds.
idle-stay = I am still here

take-title = Your copy
take-missing = The link is incomplete. Please scan the code on the kiosk again.
