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
changes-pictures-lead = Left, the copy as it was registered; right, the file as it is shown now. Both were drawn from the file you sent, for this answer only; we keep neither.
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
