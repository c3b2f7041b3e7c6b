## Looking up a whole table
home-batch = Many copies? Look up a whole Excel or CSV table at once
batch-title = Look up a whole table
batch-lead = Send a table with the codes of copies, and get the same table back with an answer on each line.
batch-form-heading = Choose a table
batch-again-heading = Look up another table
batch-file-label = Choose an Excel (.xlsx) or CSV file
batch-file-drop = Drop a file here, or
batch-file-hint = At most { $most } lines, 5 MB. One code of a copy, text of a QR code, or SHA-256 fingerprint on each line.
batch-choice-label = Column with the codes
batch-choice-find = Find it for me
batch-choice-hint = You rarely need to choose.
batch-choice-option = { $heading ->
    [none] Column { $letters }
   *[other] Column { $letters }: { $heading }
    }
batch-button = Look up
batch-private = The table is read once to look it up and then dropped. Names and other columns are neither kept nor logged.
batch-sending = Sending the table: { $percent }%
batch-working = The table has arrived. Reading it and looking up each line…
batch-failed = The table could not be sent. Check your connection and try again.
batch-file-name = lookup-results

## Result
batch-result-heading = { $lines ->
    [one] Looked up { $lines } line
   *[other] Looked up { $lines } lines
    }
batch-result-download = Download the result
batch-result-kept = Your columns are kept; the answers are in the last columns.
batch-result-values = Formulas are replaced by the values saved in the file.
batch-read-heading = How the table was read
batch-result-column = Column with the codes
batch-result-column-value = { $heading ->
    [none] { $letters } (no heading)
   *[other] { $letters } – “{ $heading }”
    }
batch-result-sheet = Sheet
batch-result-sheet-note = Other sheets were not read.
batch-result-lines = Rows of the table
batch-result-lines-value = { $first } to { $last }
batch-result-encoding = Character set
batch-result-encoding-guess = Windows-1258 (a guess; if letters are wrong, save the file as UTF-8)
batch-result-checkpoint = Public log
batch-result-checkpoint-value = { $size } entries
batch-result-wrong-column = Not the right column? Choose it below and send the table again.
batch-summary-heading = Summary
batch-summary-code-only = A good code does not mean that the paper says the truth: compare the facts in the table with the copy in your hand.
batch-troubled-heading = Lines to look at
batch-troubled-row = Row
batch-troubled-code = Code in the table
batch-troubled-why = Answer
batch-troubled-empty = (empty cell)
batch-troubled-more = { $count ->
    [one] { $count } more line in the result.
   *[other] { $count } more lines in the result.
    }
batch-word-valid = Valid code, or intact file
batch-word-superseded = Replaced by another copy
batch-word-suspended = Suspended
batch-word-revoked = Cancelled
batch-word-altered = Not the original
batch-word-unknown = Not in the registry
batch-word-malformed = Code is not right
batch-word-unavailable = No answer yet, send again later

## Columns added to the table
batch-column-result = Answer
batch-column-verdict = verdict
batch-column-explanation = Explanation
batch-column-code = Code asked about
batch-column-document-type = Document
batch-column-unit = Certified by
batch-column-certified-on = Certified on
batch-column-holder = Name (masked)
batch-column-decision = Decision
batch-column-checkpoint-size = Entries of the log then
batch-column-checked-at = Checked at (Vietnam time)

## Tables that cannot be looked up
batch-refused-title = This table cannot be looked up
batch-refused-empty = The table has no line to look up.
batch-refused-too-large = The file is larger than 5 MB. Copy the lines in question to a new table and send that.
batch-refused-too-many-lines = There are more than { $most } lines. Divide them, and send at most { $most } at a time.
batch-refused-too-many-rows = The sheet has too many rows, empty ones included. Copy the lines in question to a new table and send that.
batch-refused-too-many-columns = The table has too many columns. Keep those that are needed and send it again.
batch-refused-no-codes = No column with the codes of copies was found. Choose the column and send the table again.
batch-refused-no-such-column = The table has no such column.
batch-refused-old-format = The file is in the old Excel format (.xls), or has a password. Save it as .xlsx without a password and send it again.
batch-refused-not-a-table = The file is neither an Excel workbook (.xlsx) nor CSV.
batch-refused-too-costly = The file is too complicated to read. Copy the lines in question to a new table and send that.
batch-refused-unreadable = The file is damaged and cannot be read. Open it in Excel, save it, and send what you saved.
batch-refused-no-questions = Send a JSON object with a list “questions”; each has exactly one of: code, qr, sha256.
