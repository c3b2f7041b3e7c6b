## Checking a file on the start page
home-file-heading = Or check a PDF file or a photo
home-file-lead = If you have the PDF, this is the surest way: a single changed comma is noticed.
home-file-label = Choose a PDF file, or a photo of the QR code
home-file-drop = Drop the file on this page, or
home-file-button = Upload and check
home-file-private = The file’s fingerprint is computed on your own device, and only the fingerprint is sent. The file is uploaded only if you agree to it afterwards. At most 50 MB.
home-file-private-noscript = This button uploads the file to our server. It is read once to check it and is not kept. At most 50 MB.
file-hashing = Computing the file’s fingerprint on your device…
file-asking = Asking the registry…
file-uploading = Uploading and checking the file. This can take up to half a minute; please keep the page open.
file-unknown-heading = The registry holds no file identical to this one
file-unknown-lead = If it is a copy of ours, it has been changed, or it is a scan or was saved again. To learn which code it carries, who signed it and what was changed, it has to be uploaded. So far only its fingerprint has been sent.
file-photo-heading = This is a photo
file-photo-lead = We can read the QR code in it, but for that it has to be uploaded. So far only its fingerprint has been sent. You can also type the code printed beside the QR code into the field above.
file-photo-scan = Read the photo on your own device instead
file-if-uploaded-heading = If you upload it:
file-if-uploaded =
    It is read once, and deleted as soon as you have the answer.
    It is not stored, not logged and not passed on.
    Only you see the answer.
file-upload = Yes, upload and check
file-decline = Do not upload
file-declined = The file was not uploaded. You can choose another one.
file-empty = The file is empty (0 bytes). Download or copy it again, then choose it.
file-too-large = The file is larger than 50 MB and cannot be checked. You can still look up the code printed on the copy.
file-several = Only one file can be checked at a time. Please drop them one by one.
file-unreadable = The browser cannot read this file. Copy it to another place on your device, then choose it again.
file-failed = The registry could not be asked. Nothing is wrong with your file; please try again in a few minutes.
file-again = Try again

## What was appended to a registered copy
changes-heading = What was changed
changes-lead = The file begins with the registered copy, whole. After it { $bytes ->
        [one] one byte was
       *[other] { $bytes } bytes were
    } added. The added part:
changes-page-replaced = Page { $number } was replaced by another page.
changes-page-added = Page { $number } was added.
changes-page-removed = Page { $registered } of the registered copy was removed.
changes-page-moved = { $number ->
        [0] Page { $registered } of the registered copy was moved.
       *[other] Page { $number } was moved to this place.
    }
changes-page-content = Page { $number }: what is printed on it was changed or covered.
changes-page-annotation = Page { $number }: a note, drawing or stamp was put on it or taken away.
changes-page-form-field = Page { $number }: a form field on it was added or filled in.
changes-page-signature = Page { $number }: a signature on it was added, changed or taken away.
changes-signature-removed = { $name ->
        [Officer] The certifying officer’s signature was removed.
        [Seal] The seal of the agency was removed.
       *[other] The signature “{ $name }” was removed.
    }
changes-signature-added = { $name ->
        [Officer] There is another signature in the place of the certifying officer’s.
        [Seal] There is another signature in the place of the agency’s seal.
       *[other] A signature “{ $name }” was added.
    }
changes-field = The form field “{ $name }” was added, filled in or emptied.
changes-catalog = Settings of the entire document were changed: { $keys }.
changes-metadata-only = Only data about the file (title, dates and the like) was changed; no page was.
changes-no-page = No page was changed that we could find.
changes-nothing = The added part changes nothing that can be seen.
changes-unread = The added part cannot be read, so we cannot say what it changes.
changes-pictures-lead = First the copy as it was registered, then the file as it is shown now. Both were drawn from the file you sent, for this answer only; we keep neither.
changes-registered-page = As registered: page { $number }
changes-registered-none = As registered
changes-submitted-page = As submitted: page { $number }
changes-submitted-none = As submitted
changes-no-such-page = There is no such page.
changes-not-drawn = This page cannot be drawn.
changes-objects = { $count ->
        [one] One object of the file differs
       *[other] { $count } objects of the file differ
    }
changes-objects-cut = The first { $shown } of { $count } are listed.
changes-object = Object
changes-object-change = Change
changes-object-part = What it is for
changes-object-pages = Pages
changes-object-added = Added
changes-object-changed = Changed
changes-object-removed = Removed
changes-part-content = What is printed on a page
changes-part-annotation = A note on a page
changes-part-form-field = A form field
changes-part-signature = A signature
changes-part-metadata = Data about the file
changes-part-catalog = The document’s settings
changes-part-document = Another part of the document
changes-part-unused = Nothing leads to it

## Signatures
signatures-of-others = Somebody signed this file, but the registry has no such copy. A signature alone does not make a copy of ours: ask whoever is named here.
signature-claimed = The name is what the certificate in the file says (issued by: { $issuer }); we did not check whose it is.
signature-about-officer = Confirms that the copy agrees with the original.
signature-about-seal = Closes the copy in the name of the agency.
signature-about-time-stamp = Says when the file existed in this form. It is nobody’s signature.
signature-role-time-stamp = Time-stamp service
signature-revocation-good = Certificate not revoked when it signed
signature-revocation-revoked = The certificate had been revoked
