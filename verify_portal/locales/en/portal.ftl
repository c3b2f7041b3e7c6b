## Everywhere
site-name = Bản Sao
site-tagline = Check a certified electronic copy
skip-to-content = Skip to content
language-name-vi = Tiếng Việt
language-name-en = English
language-label = Language
footer-independent = Every answer comes with evidence you can check yourself, without trusting us.
footer-privacy = No tracking cookies here. The codes you look up are not written to our logs.
nav-label = Ways to check
nav-check = Check
nav-scan = Scan
nav-batch = Many copies
nav-revoked = Cancelled
footer-api = API description
footer-log = Checkpoint of the public log
day = { $day } { $month-number ->
    [1] January
    [2] February
    [3] March
    [4] April
    [5] May
    [6] June
    [7] July
    [8] August
    [9] September
    [10] October
    [11] November
   *[12] December
    } { $year }
moment = { $time } on { $day } (Vietnam time)

## Home
home-title = Check a copy
home-lead = Is this electronic copy genuine, unchanged and still in force?
home-code-heading = Enter the copy’s code
home-code-label = Verification code
home-code-hint = 18 letters and digits in three groups. Capitals or not, hyphens or not: both work.
home-code-button = Look up
home-where-picture = The foot of a page with its QR code and, beside it, the code
home-where-printed = Mã xác thực
home-where-heading = Where is the code?
home-where =
    At the foot of every page of the copy, after the words “Mã xác thực”.
    Next to the QR code: scan that with a phone and the result opens by itself.
    In the e-mail or message that came with the copy.

## Verdicts
verdict-valid-title = { $asked ->
    [file] Valid and unchanged
    [digest] Valid and unchanged
   *[code] The code is valid
    }
verdict-valid-meaning = { $asked ->
    [file] This file is identical, bit for bit, to the certified copy, and the copy is in force.
    [digest] This file is identical, bit for bit, to the certified copy, and the copy is in force.
    [photo] The QR code in the photo belongs to a certified copy that is in force. A photo cannot tell whether the paper’s content was changed.
   *[code] This code belongs to a certified copy that is in force. A code cannot tell whether the paper or file in your hand was changed.
    }
verdict-valid-next = { $asked ->
    [file] You can use this file. Keep the original: printing it or saving it again in another program loses its fingerprint.
    [digest] You can use this file. Keep the original: printing it or saving it again in another program loses its fingerprint.
   *[code]
        { $facts ->
            [gone] The facts to compare were erased, so only the original PDF tells whether the content is right.
           *[shown] Compare the facts below with the copy in your hand: type, unit, date, number of pages, initials of the name.
        }
        To be sure of the content, ask for the original PDF file and check that.
    }

verdict-superseded-title = Replaced by another copy
verdict-superseded-meaning = This copy was valid once and has been replaced by another{ $published ->
        [no] .
       *[yes] { " " }under decision { $decision } of { $decided_on }.
    }
verdict-superseded-next =
    Do not accept this copy. Ask for the new one.
    If in doubt, ask the unit that certified it.

verdict-suspended-title = Suspended for now
verdict-suspended-meaning = This copy is genuine, but it is suspended while it is reviewed{ $published ->
        [no] .
       *[yes] { " " }under decision { $decision } of { $decided_on }.
    }
verdict-suspended-next =
    Do not accept this copy for now.
    Look it up again later, or ask the unit that certified it.

verdict-revoked-title = Cancelled
verdict-revoked-meaning = { $published ->
    [no] This copy has been cancelled and has no legal value.
   *[yes] Cancelled by decision { $decision } of { $decided_on }; it has no legal value.
    }
verdict-revoked-next =
    Do not accept this copy, even if the print or file looks untouched.
    If in doubt, ask the unit that decided, naming the decision above.

verdict-altered-title = { $asked ->
    [file] Not the original
   *[code] The QR code does not match the registry
    }
verdict-altered-meaning = { $asked ->
    [file] The file carries the code of a certified copy and is not that copy: its content was changed, or it is a scan or was saved again.
   *[code] The code is a certified copy’s, but the seal in the QR code is not that copy’s: it is forged, cut off, or taken from another copy.
    }
verdict-altered-next = { $asked ->
    [file]
        Do not rely on this file.
        Ask for the very PDF that the certifying office sent, not opened and saved again, and check that.
        If you suspect a forgery, keep the file and tell the unit that certified the copy.
   *[code]
        Do not rely on the paper that carries this QR code.
        Scan the QR code on the last page again; if you pasted a link, copy all of it, also what follows the #.
        If that changes nothing, ask for the original PDF and check it, and tell the unit that certified the copy.
    }

verdict-unknown-title = Not in the registry
verdict-unknown-meaning = { $asked ->
    [file] The registry has neither this file nor any code that can be read in it. It was not issued by this system.
    [digest] The registry has no file with this fingerprint.
    [photo] The QR code in the photo is well formed but not in the registry.
   *[code] The code is well formed and its check characters agree, but no copy was ever issued with it.
    }
verdict-unknown-next = { $asked ->
    [file]
        Do not take this file for a certified copy of this system.
        If somebody else issued it, check it on their own page.
    [digest]
        If you have the file, check the entire file to learn which code it carries and who signed it.
   *[code]
        Check that the code belongs to this system: the foot of the page names it.
        Do not take a paper with this code for a certified copy.
        If it looks genuine, tell the unit whose name is on it.
    }

verdict-malformed-title = { $asked ->
    [code] The code is not right
    [digest] The fingerprint is not right
    [photo] No code to check in the photo
   *[file] This file cannot be checked
    }
verdict-malformed-meaning = { $asked ->
    [code] No code looks like this, so it was most likely mistyped. This says nothing about the copy.
    [digest] A SHA-256 fingerprint has exactly 64 hexadecimal digits.
    [photo] No QR code holding a copy’s code could be read in the photo. This says nothing about the copy.
   *[file] { $fault ->
        [empty] The file is empty: nothing of it has arrived. This says nothing about the copy.
        [too-large] The file is larger than 50 MB. This says nothing about the copy.
        [incomplete] The file is incomplete: its end is missing, most likely because a download was interrupted. This says nothing about the copy.
        [misnamed] The file is called a PDF and is a picture. This says nothing about the copy.
       *[other] The file is neither a PDF nor a picture of a QR code. This says nothing about the copy.
        }
    }
verdict-malformed-next = { $asked ->
    [code]
        Compare each group of six characters with the copy and type it again.
        Or scan the QR code beside it with your phone’s camera.
    [digest] Choose the file on the home page: its fingerprint is computed for you.
    [photo]
        Take the photo again: closer, in good light, with the whole QR code in it.
        Or type the code printed beside the QR code.
   *[file] { $fault ->
        [incomplete] Download the file again, wait until it is complete, and check that one.
       *[other] Choose the very PDF that the certifying office sent, or type the code printed on the copy.
        }
    }

verdict-unavailable-title = We cannot answer right now
verdict-unavailable-meaning = The fault is ours. It does not count against your copy.
verdict-unavailable-next =
    Try again in a few minutes. You need not do anything else.
    Do not refuse anyone’s document because of this answer.

## Result
result-next-heading = What to do
result-facts-heading = The registry says
result-facts-lead = Compare with the copy in your hand. If anything differs, do not trust that copy.
result-facts-erased = The facts about the person were erased at their request. The copy stays in the log and its evidence is intact.
result-code = Code
result-checked-at = Checked at
result-reasons-heading = Why
result-reasons-lead = We checked, in this order:
result-signatures-heading = Signatures in the file
result-proof-heading = Evidence
result-proof-lead = The answer was computed at this checkpoint of the public log. Anyone can check the downloaded proof with tools of their own, even offline.
result-proof-download = Download the proof (.tlog-proof)
result-absence = { $known ->
    [yes] The second proof shows that the log hides no decision about this code, up to this checkpoint.
   *[no] The proof shows that the log has no entry about this code, up to this checkpoint.
    }
result-absence-download = Download the proof about the code (.map-proof)
result-print = Print this page
result-correct-heading = Correct the code
result-again-heading = Check another copy
result-typed = You typed
result-mistake = The marked character is probably wrong
result-retry = Try again
result-retry-after = { $seconds ->
    [one] You can try again in { $seconds } second.
   *[other] You can try again in { $seconds } seconds.
    }
fact-document-type = Document
fact-unit = Certified by
fact-certified-on = Certified on
fact-page-count = Pages of the original
fact-holder = Name (masked)
fact-decision = Decision
fact-decision-value = No. { $number } of { $day }
checkpoint-origin = Log
checkpoint-size = Entries
checkpoint-root = Tree root
checkpoint-cosigned = Cosigned by
checkpoint-cosigned-value = { $witness }, at { $time } on { $day }
checkpoint-not-cosigned = No witness has cosigned this checkpoint yet
checkpoint-note = The signed checkpoint, word for word
status-list-place = Status list
status-list-place-value = List { $list }, place { $idx }
outcome-passed = Passed
outcome-failed = Failed
outcome-warned = Note
outcome-skipped = Not examined
signature-role-officer = Certifying officer
signature-role-seal = Seal of the agency
signature-role-other = Another signer
signature-intact = The signed content is unchanged
signature-broken = The signed content was changed
signature-trusted = Trusted certificate
signature-untrusted = The certificate is not of this system
signature-entire = Covers the entire file
signature-partial = Does not cover the entire file
signature-timestamped = Time-stamped
signature-unread = This signature cannot be read
signature-unnamed = No name given
signature-signed-at = Signed at { $time } on { $day }

## Status over time
history-heading = Status over time
history-issued = Certified and registered
history-suspended = Suspended
history-reinstated = Reinstated
history-revoked = Cancelled
history-superseded = Replaced by another copy
history-erased = The facts about the person were erased on request
history-decision = Decision { $number } of { $day }
history-reason = Reason: { $reason }
history-entered = Entered at { $time } on { $day }, entry { $ordinal }
history-successor = The registry knows of a newer copy but does not publish its code. Whoever holds the newer copy has the code: enter it to check that copy.
on-heading = Status on { $day }
on-answer = { $verdict ->
    [valid] On { $day } this copy was in force.
    [suspended] On { $day } this copy was suspended.
    [revoked] On { $day } this copy had been cancelled.
    [superseded] On { $day } this copy had been replaced by another.
   *[none] By the end of { $day } the registry had not entered this copy.
    }
on-only-that-day = This speaks of that day only, by what had been entered by its end (Vietnam time). What holds today stands at the top of the page.
on-label = See the status on a past day
on-button = Show

## The cancelled copies
revoked-title = Cancelled copies
revoked-lead = Certified copies that lost their legal value by decision, newest first.
revoked-filter-heading = Narrow the list
revoked-unit = Certifying unit
revoked-every-unit = All units
revoked-month = Month of the decision
revoked-filter-button = Show
revoked-list-heading = List
revoked-decision = Decision
revoked-copy = Copy
revoked-book-line = No. { $number }, book { $book }
revoked-certified-on = certified on { $day }
revoked-reason = Reason
revoked-no-reason = None given
revoked-entry = In the public log
revoked-proof = Proof of entry { $ordinal }
revoked-none = No copy was cancelled in this part of the list.
revoked-pages = Pages of the list
revoked-newest = Back to the newest
revoked-older = Older
revoked-about-heading = About this list
revoked-about =
    Decisions to cancel are published as Circular 01/2020/TT-BTP, article 7, wants it.
    The list names unit, number and book, so that whoever holds the paper can compare; it names no person and no code, since a code opens facts about a person.
    To learn whether a copy holds, look up its code on the home page.
    The list is of the first { $size } entries of the public log.
revoked-feed = Atom feed
revoked-json = JSON
revoked-status-lists = Status lists for checking offline
revoked-feed-title = Cancelled: no. { $number }, book { $book }, { $unit }

## Document types
document-type-diploma = Degree or diploma
document-type-birth_certificate = Birth certificate
document-type-marriage_certificate = Marriage certificate
document-type-id_card = ID card
document-type-decision = Administrative decision
document-type-land_use_certificate = Land-use certificate
document-type-business_licence = Business licence
document-type-other = Other document

## Checks
check-address = Address in the QR code
check-address-warned = The QR code leads to { $host }, which is not this site. The answer here is ours; do not trust that page.
check-code = Code
check-code-passed = Well formed; its check characters agree.
check-code-passed-in-file = Read in the file; its check characters agree.
check-code-skipped-digest = Only a fingerprint was given; the code is in the file.
check-code-skipped-none-in-file = No code of a copy can be read in the file.
check-code-failed-length = A code has exactly 18 letters and digits, hyphens not counted.
check-code-failed-alphabet = Character { $place } of group { $group } never stands in a code: codes have no letter U and no accents.
check-code-failed-character = Character { $place } of group { $group } is probably wrong.
check-code-failed-swapped = Character { $place } of group { $group } and the next one have probably changed places.
check-code-failed-ambiguous = There is more than one code here, and it is not clear which one you mean. Please check them one by one.
check-code-failed-several = The check characters do not agree; probably more than one character is wrong.
check-log = Registry
check-log-passed = In the log: entry { $ordinal } of { $size }.
check-log-failed-code = Not among the { $size } entries of the log.
check-log-failed-photo = Not among the { $size } entries of the log.
check-log-failed-digest = None of the { $size } entries of the log has this fingerprint.
check-log-failed-file = Neither the file’s fingerprint nor a code in it is among the { $size } entries of the log.
check-log-skipped-unpublished = The copy was issued just now and will be in the public log in a moment.
check-log-skipped-registry = The registry cannot be reached.
check-log-skipped-examiners = Too many files are waiting to be examined.
check-log-skipped-examiners-down = The part of this site that reads files does not run. The operators have been told.
check-log-skipped-unproven = The registry gave no proof that holds, so we give no answer. The operators have been told.
check-proof = Proof
check-proof-passed = The proof of entry { $ordinal } in the tree of { $size } holds, and so does the log’s signature.
check-status = Status
check-status-passed-valid = We found no decision that suspends, replaces or cancels it.
check-status-passed-erased = We found no decision that suspends, replaces or cancels it. The personal facts were erased.
check-status-failed-superseded = It has been replaced.
check-status-failed-suspended = It is suspended.
check-status-failed-revoked = It has been cancelled.
check-content = Content
check-content-passed = The file’s SHA-256 fingerprint is the registered one.
check-content-skipped-code = A code only, no file: the content was not compared.
check-content-skipped-photo = A photo cannot be compared with the registered file.
check-content-failed-not-ours = The fingerprint differs, and no signature in the file is by those who signed this copy.
check-content-failed-bytes-changed = The fingerprint differs: part of what was signed was changed after signing.
check-content-failed-added-after-seal = The fingerprint differs: something was added to the file after the agency’s seal.
check-content-failed-differs = The fingerprint differs from the registered one.
check-content-failed-empty = The file is empty.
check-content-failed-too-large = The file is larger than allowed.
check-content-failed-incomplete = The PDF has no end: the file is incomplete.
check-content-failed-misnamed = The file is called a PDF and is a picture.
check-content-failed-not-a-document = The file is neither a PDF nor a picture.
check-content-failed-photo-without-code = No QR code of a copy can be read in the picture.
check-content-failed-digest = Not a SHA-256 fingerprint.
check-signatures = Signatures
check-signatures-passed = { $all ->
    [one] The one signature is intact and trusted.
   *[other] All { $all } signatures are intact and trusted.
    }
check-signatures-skipped-code = Signatures are in the file; a code says nothing about them.
check-signatures-skipped-digest = The file is identical bit for bit, so its signatures are those it was issued with.
check-signatures-warned-unread = The signatures in the file cannot be read.
check-signatures-failed-none = The file has no digital signature.
check-signatures-failed-broken = { $sound } of { $all } signatures hold; at least one no longer matches the content.
check-signatures-failed-uncovered = { $sound } of { $all } signatures hold, but none covers the entire file: something was added later.
check-signatures-failed-untrusted = { $sound } of { $all } signatures hold; at least one is by somebody outside this system.

## Problems
problem-back = Back to the start
problem-400-title = That request is not right
problem-400-detail = Send exactly one of: a file, a SHA-256 fingerprint, a code, or the text of a QR code.
problem-404-title = There is no such page
problem-404-detail = The address may be mistyped. You can still look up a copy from the start page.
problem-405-title = That is not how to ask
problem-405-detail = This address does not take that method.
problem-413-title = The file is too large
problem-413-detail = Files above 50 MB cannot be checked. You can still look up the code.
problem-415-title = That kind of content is not accepted
problem-415-detail = Send a file in a form, a PDF, or JSON.
problem-429-title = Too many questions in a short time
problem-429-detail = Wait a few minutes and try again. The limit keeps this service open to everyone.
problem-500-title = The fault is ours
problem-500-detail = It has been recorded. Please try again in a few minutes.
problem-503-title = Not available right now
problem-503-detail = Please try again in a few seconds.
