## Full details
full-heading = Full details
full-lead = This is what the registry holds. Compare it, line by line, with the paper in your hand.
full-private = These details are about a person. This page is kept nowhere; close it when you have finished.
full-not-valid = This copy no longer holds: see the result at the top of the page.
full-title = Title of the document
full-holder = Full name
full-signer = Certified by
full-number = Certification number
full-number-value = { $number }, book { $book }
full-fields = What the document says

paper-heading = Full details
paper-lead = If you hold the copy, you can see the full name and contents and compare them. Type what is printed on the last page of the copy.
paper-number = Certification number
paper-number-hint = In the certification, after “Số chứng thực”. Leading zeros need not be typed.
paper-name = Holder's full name
paper-name-hint = With all accents, as on the paper. Capitals do not matter.
paper-button = Full details
paper-seal-lead = You have just scanned the copy's QR code, so there is nothing to type.
paper-seal-button = Full details by this QR code
paper-or = Or type number and name
paper-refused = That does not fit, so nothing more can be shown. Compare number and name with the copy and try again.
paper-refused-seal = This QR code does not open this copy's details. Scan it again, or type number and name.
paper-wait = That was tried too often. Try again in { $minutes } { $minutes ->
        [one] minute
       *[other] minutes
    }, or scan the QR code on the copy.
paper-elsewhere = This request came from another site and was not accepted. Open this page and type again.

## Fields of documents
field-holder_name = Name of the holder
field-birth_date = Date of birth
field-birth_date_in_words = Date of birth in words
field-sex = Sex
field-ethnicity = Ethnicity
field-nationality = Nationality
field-birth_place = Place of birth
field-home_town = Place of origin
field-residence = Place of residence
field-personal_id = Personal number
field-mother_name = Mother's name
field-father_name = Father's name
field-wife_name = Wife's name
field-husband_name = Husband's name
field-registry = Place of registration
field-registration_date = Date of registration
field-number = Number
field-book = Book
field-register_number = Register number
field-major = Field of study
field-rank = Classification
field-graduation_year = Year of graduation
field-issue_date = Date of issue
field-issue_place = Place of issue
field-expiry_date = Date of expiry
field-agency = Issuing body
field-subject = Subject
field-signatory = Signatory
field-serial = Serial number
field-parcel = Parcel
field-map_sheet = Map sheet
field-area = Area
field-address = Address
field-enterprise_number = Enterprise number
field-first_registration_date = Date of first registration
field-amendment_date = Date of latest amendment

## Refusals
problem-key-missing-title = An agency's key is needed
problem-key-missing-detail = Send it in the header Authorization: Bearer bsk_… Agencies ask those who run this system for one.
problem-key-mistyped-title = The key is mistyped or cut off
problem-key-mistyped-detail = Its check characters do not fit. Copy all of it, from bsk_ to the last character.
problem-key-unknown-title = There is no such key
problem-key-unknown-detail = This system gave out no key like this one.
problem-key-expired-title = The key has expired
problem-key-expired-detail = Ask whoever gave you this key for a new one.
problem-key-ended-title = The key was ended
problem-key-ended-detail = It opens nothing any more. Ask whoever gave it to you.
problem-key-beyond-scope-title = The key is not for this
problem-key-beyond-scope-detail = It holds, but was not given out for this kind of data.
problem-paper-refused-title = That does not fit
problem-paper-refused-detail = There is no such copy, or the seal, number or name shown are not those of that copy.
problem-too-many-tries-title = Tried too often
problem-too-many-tries-detail = Wait for the seconds that Retry-After names, then try again.
problem-pdf-not-kept-title = The file of this copy is not kept here
problem-pdf-not-kept-detail = The registry has this copy, but its PDF does not lie here.
problem-pdf-erased-title = The file was erased
problem-pdf-erased-detail = It was erased with the personal data, on request. The copy stays in the registry, and its proof stays whole.
