## The seal in a QR code
check-seal = Seal in the QR code
check-seal-passed = The certifying authority signed the seal, and all that it says is what the registry holds. A seal can be copied onto other paper: compare it with the paper.
check-seal-warned-unregistered = The seal is genuine, but the registry holds no such copy.
check-seal-skipped-no-key = This site has no public key of the seal yet, so the seal was not checked.
check-seal-failed-malformed = What follows the # is no whole seal: part of it is cut off, or it is not from this system.
check-seal-failed-forged = No key of the certifying authority signed this seal: it was changed or forged.
check-seal-failed-key-not-in-use = The seal is signed by an old key that was not in use on the day that the seal names.
check-seal-failed-other-code = The seal is genuine but another copy’s: its code is not the one in the link.
check-seal-failed-differs = { $field ->
    [book] The seal is genuine, but its book is not the one in the registry.
    [number] The seal is genuine, but its certification number is not the one in the registry.
    [place] The seal is genuine, but its place in the status lists is not the one in the registry.
    [document_type] The seal is genuine, but its type of document is not the one in the registry.
    [holder_name] The seal is genuine, but its name is not the one in the registry.
    [unit_name] The seal is genuine, but its certifying unit is not the one in the registry.
    [page_count] The seal is genuine, but its number of pages is not the one in the registry.
   *[certified_on] The seal is genuine, but its date is not the one in the registry.
    }
result-sealed-heading = What the seal in the QR code says
result-sealed-lead = Compare each line with the paper in your hand. If one differs, the seal was copied from another copy.
fact-sealed-holder = Name
fact-number = Certification number
fact-book = Book

## The scanning page
scan-app-name = Bản Sao: scan a QR code
scan-app-short-name = Scan a copy
scan-title = Scan a copy’s QR code
scan-lead = The seal in the QR code is checked on your own device, also without a network.
scan-link = Scan the QR code with the camera
scan-where = The QR code with the seal is the large one on the copy’s last page. Hold it inside the frame, in good light, about a hand’s length away.
scan-video = Picture from the camera
scan-start = Start the camera
scan-stop = Stop the camera
scan-torch = Light
scan-picture = Choose a picture
scan-paste = You can also paste (Ctrl+V) a picture of the QR code, or the link that it holds.
scan-asking = Asking the registry as well…
scan-checked = What was checked
scan-again = Scan another code
scan-full = See the full answer
scan-newer = There is a newer version of this page.
scan-newer-button = Use the newer one
scan-no-script = The scanner needs JavaScript. You can still scan with your phone’s camera app, which opens the result page, or upload a picture of the QR code on the start page.
scan-offline-heading = Without a network
scan-offline-lead = Open this page once with a network, then choose “Add to home screen” or “Install app” in your browser. From then on it scans without a network too, by the public keys and status list that it has kept. The older the list, the more likely a new decision is missing from it; after 24 hours it is no longer used for a conclusion.
scan-private = Pictures never leave this device. With a network, what the QR code holds is sent to the registry to ask, and is not kept there. The page keeps nothing about the copies you scan.

scan-say-starting = Opening the camera. If your browser asks, choose “Allow”.
scan-say-looking = Looking for a QR code…
scan-say-reading = Reading the picture…
scan-say-no-code = There is no QR code to be seen in the picture. Come closer, in good light, with the whole code in the picture.
scan-say-no-picture = This picture cannot be read. Choose another one, or load the page again.
scan-say-no-reader = This browser cannot run the QR decoder. Update it, or type the code that is printed on the copy on the start page.
scan-say-camera-insecure = Browsers allow the camera on secure pages (https) only. You can still choose a picture of the QR code.
scan-say-camera-refused = This page may not use the camera. Allow it in your browser’s settings for this page and try again, or choose a picture of the QR code.
scan-say-camera-absent = This device has no camera that can be used. Choose a picture of the QR code.
scan-say-camera-busy = The camera does not open; perhaps another app is using it. Close that app and try again, or choose a picture of the QR code.
scan-say-just-now = just now
scan-say-online = There is a network.
scan-say-offline = There is no network.
scan-say-held = The status list on this device was signed { $age } (at { $at }).
scan-say-held-nothing = This device has no public keys or no status list yet. Open the page with a network.
scan-say-held-unsupported = This browser cannot check the seal’s Ed25519 signature. Update it, and open the page by its https address; with a network the registry can still answer.
scan-say-kept = This page is kept on the device, for when there is no network.
scan-say-not-kept = This browser cannot keep the page for when there is no network.
scan-say-elsewhere = The QR code leads to { $host }, which is not this site. Do not open that address: it may be a forged portal, even when the seal is genuine.
scan-say-facts-compare = Compare each line with the paper in your hand. If one differs, the seal was copied from another copy: do not accept the paper.
scan-say-facts-of-another = This seal belongs to the copy described below, not to the code that is printed on the paper.
scan-say-check-seal = Seal
scan-say-check-status = Status
scan-say-check-age = Age of the list
scan-say-check-registry = Registry
scan-say-list-old = The list was signed { $age }, and there is a newer one. Decisions after { $at } are not in it.
scan-say-registry-offline = There is no network, or the registry does not reply: only this device could check.
scan-say-registry-too-often = You have asked the registry too many questions in a short time. Wait a few minutes and scan again.
scan-say-registry-failed = The registry’s reply has the wrong form. Please try again in a few minutes.
scan-say-registry-answered = The registry’s answer: “{ $verdict }”, as of { $size } entries.
scan-say-seal-genuine = The certifying authority signed this seal. A seal can be copied onto other paper, so compare what it says with the paper.
scan-say-seal-none-title = This QR code has no seal
scan-say-seal-none = It is the one in a page’s foot and holds only the address to look up. Without a network, scan the large QR code on the last page.
scan-say-seal-unsupported-title = The seal could not be checked
scan-say-seal-unsupported = This browser cannot check Ed25519 signatures. Update it and open the page by its https address, or connect to a network to ask the registry.
scan-say-seal-no-keys-title = The seal could not be checked
scan-say-seal-no-keys = This device does not have the seal’s public key yet. Connect to a network and scan again.
scan-say-seal-malformed-title = The seal is not whole
scan-say-seal-malformed = What follows the # is no whole seal: part of it is cut off, or it is not from this system. Scan again; if that changes nothing, do not rely on the paper.
scan-say-seal-forged-title = The seal is not genuine
scan-say-seal-forged = No key of the certifying authority signed this seal: it was changed or forged. Do not rely on the paper.
scan-say-seal-key-not-in-use-title = The seal is not accepted
scan-say-seal-key-not-in-use = The seal is signed by an old key that was not in use on the day that the seal names. Do not rely on the paper.
scan-say-seal-other-code-title = Another copy’s seal
scan-say-seal-other-code = The seal is genuine but was taken from another copy: its code is not the one in the link. Do not rely on the paper.
scan-say-seal-foreign-title = Not a copy’s QR code
scan-say-seal-foreign = This QR code holds no code of a copy. That says nothing about the paper; scan the QR code in a page’s foot or on the last page.
scan-say-status-valid-title = Seal genuine; in force by a list signed { $age }
scan-say-status-valid = By the status list signed at { $at } (with { $size } entries in the log), no decision cancels, suspends or replaces this copy. Later decisions are not in that list.
scan-say-status-revoked-title = Cancelled
scan-say-status-revoked = The seal is genuine, but the copy has been cancelled, by the status list signed at { $at }. Do not accept it.
scan-say-status-suspended-title = Suspended, by a list signed { $age }
scan-say-status-suspended = The seal is genuine, but the copy is suspended, by the status list signed at { $at }. Do not accept it for now; ask again with a network.
scan-say-status-superseded-title = Replaced
scan-say-status-superseded = The seal is genuine, but another copy has taken this one’s place, by the status list signed at { $at }. Ask for the new one.
scan-say-status-too-old-title = Seal genuine; whether it holds is not known
scan-say-status-too-old = The status list on this device was signed { $age }, which is too old for a conclusion. Connect to a network and scan again.
scan-say-status-no-list-title = Seal genuine; whether it holds is not known
scan-say-status-no-list = This device does not have this copy’s status list yet. Connect to a network and scan again.
scan-say-status-no-place-title = Seal genuine; whether it holds is not known
scan-say-status-no-place = This copy is from before there were status lists, so only the registry can tell, with a network.
scan-say-status-clock-title = Seal genuine; whether it holds is not known
scan-say-status-clock = This device’s clock is slow: the status list was signed after its time. Set the clock and scan again.
