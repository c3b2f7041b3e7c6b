### The dashboard on issued electronic copies. Numbers and days arrive already formatted.

app-title = Copies issued
as-of = Data as of { $moment } (Hanoi time)
refresh = Refresh the data
reading = Reading the data…
language = Language
language-vi = Tiếng Việt
language-en = English

page-overview = Overview
page-breakdown = Units and documents
page-savings = Savings

## Filters
filter-period = Period
filter-unit = Unit
filter-document-type = Document type
filter-all-unit = All units
filter-all-document-type = All document types
filter-days = From day – to day
period-today = Today
period-week = Last 7 days
period-month = Last 30 days
period-year = This year
period-all = Everything
period-chosen = Choose days…
period-incomplete = Choose both a first and a last day.
period-shown = { $first } to { $last }

## The main numbers
kpi-title = Main numbers
kpi-copies = Copies issued
kpi-copies-note = { $pages } pages
kpi-time = Processing time
kpi-time-note = median; 90% within { $p90 }
kpi-goal = Within 5 minutes
kpi-goal-note = the goal is 3–5 minutes
kpi-refused = Refused
kpi-refused-note = of the dossiers decided
kpi-waiting = Waiting
kpi-waiting-note = received in the period, not finished
kpi-sheets = Paper saved
kpi-sheets-value = { $n } sheets
kpi-sheets-note = at least, against photocopies
kpi-hours = Work saved
kpi-hours-value = { $n } h
kpi-hours-note = at least, against 15 minutes by hand

duration-minutes = { $n } min
duration-hours = { $n } h
duration-days = { $n } days

## Copies per day
copies-per-day = Copies per day
copies-per-day-summary =
    { $span ->
        [1] Copies issued on { $day }: { $copies }.
       *[other] Copies issued in { $days } days: { $copies }; { $mean } a day on average, most on { $day }: { $most }.
    }
column-day = Day
column-copies = Copies
column-pages = Pages
column-p50 = Median
column-p90 = 90%
column-goal = Within 5 min
column-hour = Hour
column-per-day = Mean per day
column-unit = Unit
column-document-type = Document type
column-refused = Refused
column-waiting = Waiting
show-table = Show the numbers as a table

## Processing time
processing-time = Processing time
processing-time-explained = From handing over the papers to receiving the copy, waiting included. Against 15 minutes by hand and the goal of 3–5 minutes.
processing-time-summary = Half of the dossiers were done within { $p50 }, 90% within { $p90 }; { $goal } within 5 minutes.
processing-time-axis = minutes
processing-time-axis-log = minutes (logarithmic)
series-p50 = Median (50%)
series-p90 = 90% of dossiers
reference-by-hand = 15’ by hand
reference-goal = 5’ goal
reference-stretch = 3’ goal

## By hour
by-hour = Copies by hour of the day
by-hour-summary = Busiest at { $hour }:00 with { $n } copies, averaged over the days with any.
by-hour-axis = hour of the day

## By unit and document type
by-unit = By unit
by-document-type = By document type
by-channel = By channel
column-channel = Channel
channel-kiosk = Kiosk
channel-counter = Counter
channel-online = Online
channel-vehicle = Mobile vehicle
document-type-diploma = Degree or diploma
document-type-birth-certificate = Birth certificate
document-type-marriage-certificate = Marriage certificate
document-type-id-card = ID card
document-type-land-use-certificate = Land-use certificate
document-type-business-licence = Business licence
document-type-decision = Administrative decision
document-type-other = Other document
document-type-unread = Not yet recognised
units-equal-names = { $name } ({ $code })

## Savings
savings-paper = Paper not photocopied
savings-paper-result = { $sheets } sheets of paper
savings-paper-assumption = Assumption: by hand, each dossier takes { $copies } photocopies of all { $pages } pages of the originals, { $per-sheet } pages to a sheet; the certification text stands on the last page and adds no sheet.
savings-paper-source = Source: Decree 23/2015/NĐ-CP, article 20 (the text goes on the last page; pages and sheets are told apart). Page counts come from the dossiers. People often ask for several copies: change the number above to estimate; the default is the lower bound.
savings-copies = Photocopies per dossier, by hand
savings-both-sides = Both sides of the sheet
savings-work = Officers' working hours
savings-work-result = { $hours } hours, that is { $days } working days
savings-work-assumption = Assumption: by hand a dossier takes { $minutes } minutes. The entire processing time of the electronic copy is taken off, waiting included; a dossier longer than { $minutes } minutes counts as nothing saved. A working day has 8 hours.
savings-work-source = Source: { $minutes } minutes by hand, with 3–5 as the goal, are the figures of Hanoi's smart kiosk project. This is a lower bound, not the time that officers really worked.
savings-by-document-type = Savings by document type
column-sheets = Sheets
column-hours = Hours of work

## When there is nothing to show
empty-title = No copy has been issued yet
empty-text = When the first copy is signed and entered in the book, its numbers appear here.
empty-received = Dossiers received so far: { $n }; waiting: { $waiting }.
empty-selection-title = No copy was issued in this selection
empty-selection-text = Choose a longer period, or fewer units and document types.

error-title = The numbers cannot be shown
error-not-configured = The dashboard is not configured: the database address (BANSAO_DATABASE_URL) or the password of the role analytics_reader is missing. Please tell the administrator.
error-database-unreachable = The database does not answer. Issuing copies does not depend on this page. Try again in a few minutes; if it persists, tell the administrator.
error-views-missing = The database lacks this version's statistics views. The administrator should run “bansao db migrate”.
error-analytics = The numbers could not be read. Try again; if it persists, tell the administrator.

privacy = The numbers come from views that hold no personal data.
