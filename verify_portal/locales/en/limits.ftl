## Requests that come too slowly
problem-408-title = Sending took too long
problem-408-detail = The rest of what you were sending did not arrive, so we stopped waiting. Check your connection and send it again.
