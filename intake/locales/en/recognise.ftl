error-recogniser-failed = The text could not be read by machine. The dossier is intact; type the facts in, or try again later.

# Names of the fields that are read.
field-holder-name = Name of the holder
field-birth-date = Date of birth
field-birth-date-in-words = Date of birth in words
field-sex = Sex
field-ethnicity = Ethnicity
field-nationality = Nationality
field-birth-place = Place of birth
field-home-town = Place of origin
field-residence = Place of residence
field-personal-id = Personal number
field-mother-name = Mother's name
field-father-name = Father's name
field-wife-name = Wife's name
field-husband-name = Husband's name
field-registry = Place of registration
field-registration-date = Date of registration
field-number = Number
field-book = Book
field-register-number = Register number
field-major = Field of study
field-rank = Classification
field-graduation-year = Year of graduation
field-issue-date = Date of issue
field-issue-place = Place of issue
field-expiry-date = Date of expiry
field-agency = Issuing body
field-subject = Subject
field-signatory = Signatory
field-serial = Serial number
field-parcel = Parcel
field-map-sheet = Map sheet
field-area = Area
field-address = Address
field-enterprise-number = Enterprise number
field-first-registration-date = Date of first registration
field-amendment-date = Date of latest amendment

# The field that a remark is about; $field is its name inside the system.
field-name = { $field ->
    [holder_name] { field-holder-name }
    [birth_date] { field-birth-date }
    [birth_date_in_words] { field-birth-date-in-words }
    [sex] { field-sex }
    [ethnicity] { field-ethnicity }
    [nationality] { field-nationality }
    [birth_place] { field-birth-place }
    [home_town] { field-home-town }
    [residence] { field-residence }
    [personal_id] { field-personal-id }
    [mother_name] { field-mother-name }
    [father_name] { field-father-name }
    [wife_name] { field-wife-name }
    [husband_name] { field-husband-name }
    [registry] { field-registry }
    [registration_date] { field-registration-date }
    [number] { field-number }
    [book] { field-book }
    [register_number] { field-register-number }
    [major] { field-major }
    [rank] { field-rank }
    [graduation_year] { field-graduation-year }
    [issue_date] { field-issue-date }
    [issue_place] { field-issue-place }
    [expiry_date] { field-expiry-date }
    [agency] { field-agency }
    [subject] { field-subject }
    [signatory] { field-signatory }
    [serial] { field-serial }
    [parcel] { field-parcel }
    [map_sheet] { field-map-sheet }
    [area] { field-area }
    [address] { field-address }
    [enterprise_number] { field-enterprise-number }
    [first_registration_date] { field-first-registration-date }
    [amendment_date] { field-amendment-date }
   *[other] { $field }
}

# Remarks on a reading, for the officer to compare.
flag-no-text = No text was found on the scan. Look at the picture and type the facts in.
flag-reading-unsure = The text was read with only about { $percent } % certainty. Compare every field with the picture.
flag-type-unknown = The kind of document was not recognised. Choose it and type the title in.
flag-field-missing = Not read: { field-name }.
flag-number-missing = Not found on the document: { field-name }. Check the original.
flag-field-unsure = Read with doubt: { field-name }. Compare with the picture.
flag-surname-mended = Read as { $surname } after mending its diacritics: { field-name }. Compare with the picture.
flag-id-birth-year = The personal number tells the birth year { $number }, the document { $date }.
flag-id-sex = The sex in the personal number is not the one on the document.
flag-date-words-differ = The birth date in digits ({ $digits }) is not the one in words ({ $words }).
flag-date-words-unread = The birth date in words could not be read. Compare it with the one in digits.
flag-issue-date-implausible = By its date of issue, the holder was { $age } years old. Check birth date and date of issue.
flag-registered-before-birth = The birth was registered before the date of birth.
flag-enterprise-number = The check digit of the enterprise number is wrong.
flag-old-certification = The paper bears the stamp of an earlier certification: it may not be the original.
flag-marked-as-copy = The document calls itself a copy. Check that it was issued from the register.
flag-secret-mark = The document is marked secret or not to be copied (Decree 23/2015 art. 22).
flag-household-book = Household and temporary residence books have not proved residence since 1 January 2023.
