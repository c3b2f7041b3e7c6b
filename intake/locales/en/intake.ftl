# Words that all of intake shares: errors, states, grounds for refusal.
product = Bản Sao
error-intake = That did not work. Please try again or ask an officer.
error-dossier-not-found = There is no such dossier, or it is not yours.
error-wrong-state = The dossier has moved on, so this can no longer be done. Reload the page to see where it stands.
error-dossier-erased = The personal data and the files of this dossier have been erased.
error-file-purged = This file was removed when its retention period ended. The result of the dossier remains.
error-blob-missing = The system cannot find a stored file of this dossier. Please tell the administrator.
error-blob-damaged = A stored file of this dossier is damaged. Please tell the administrator.
error-bad-request = What was sent is not in the form we expect.
error-forbidden = This page has been open too long. Reload it and try again.
error-not-found = There is no such page.
error-too-large-request = What was sent is too large.
error-too-many-requests = Too many requests within a minute. Please wait a moment.
error-disk-full = Our storage is full, so this could not be received. What you sent before is safe; try again in a few minutes. Incident { $incident }.
error-unavailable = The system is briefly unavailable. Nothing is lost; try again in a few minutes. Incident { $incident }.
error-unknown = Something failed on our side. Nothing is lost; please try again. If it happens again, tell an officer the incident number { $incident }.

state-opened = Being prepared
state-submitted = Received
state-reading = Being read
state-review = Waiting for an officer
state-certifying = Being signed
state-issued = Issued
state-refused = Refused
state-withdrawn = Withdrawn

ground-1 = The original has been erased, altered or improperly added to
ground-2 = The original is damaged or worn so that its content cannot be determined
ground-3 = The original is marked secret, or marked not to be copied
ground-4 = The content is against the law or social ethics
ground-5 = A foreign document without consular legalisation
ground-6 = A private paper without confirmation and seal of a competent authority

type-diploma = Diploma or degree
type-birth-certificate = Birth certificate
type-marriage-certificate = Marriage certificate
type-id-card = Identity card
type-decision = Administrative decision
type-land-use-certificate = Land-use certificate
type-business-licence = Business licence
type-other = Other document
