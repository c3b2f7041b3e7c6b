# Why a scan could not be taken in.
error-unreadable-scan = This file cannot be read as a scan. Please scan the document again.
error-empty-file = The file is empty. Please choose the scan again or scan anew.
error-wrong-type = This is not a scan that we can open. Please use a JPEG, PNG, TIFF or PDF file.
error-damaged-file = The file is damaged or incomplete. Please scan the document again or copy the file anew.
error-password-protected = The PDF is locked with a password or certificate. Please save it without protection, or scan the paper.
error-too-large = The file is larger than { $limit_mib } MB. Please scan at 300 dpi, or split the document into several files.
error-too-many-pages = The file has more than { $limit } pages. Please split it into several dossiers.
error-too-many-pixels = The picture is too large: at most { $limit_megapixels } million pixels are taken. Please scan at 300 dpi.
error-too-few-pixels = The picture is too small to show a page. Please scan at 300 dpi.
error-bounded-task-failed = The file could not be processed. Please try again or use another scan.
error-task-timeout = Processing took longer than { $seconds } seconds and was stopped. Please try again.
error-task-memory = Processing needed more than { $mib } MB of memory and was stopped. Please use a smaller picture.
error-task-crashed = Processing this file broke off. Please scan the document again.
error-no-process = The file could not be opened just now; nothing is wrong with it. Please try again in a few minutes.
error-decode-timeout = Opening the file took longer than { $seconds } seconds and was stopped. Please scan the document again.
error-decode-memory = Opening the file needed more than { $mib } MB of memory and was stopped. Please scan at 300 dpi.
error-decode-crashed = The file is malformed: opening it broke off. Please scan the document again.

# How good the pictures are.
flag-page-blurred = Page { $page } is blurred. Compare small print with the original, or scan again.
flag-page-faint = Page { $page } is faint: there is little contrast between print and paper.
flag-page-coarse = Page { $page } has only { $dpi } dots per inch; small print may be unreadable.
flag-page-glare = A reflection covers a part of page { $page }.
flag-page-askew = Page { $page } was { $degrees } degrees askew and has been straightened. Check that nothing is missing.
flag-page-cut-top = On page { $page }, print runs out of the picture at the top.
flag-page-cut-right = On page { $page }, print runs out of the picture on the right.
flag-page-cut-bottom = On page { $page }, print runs out of the picture at the bottom.
flag-page-cut-left = On page { $page }, print runs out of the picture on the left.
