// The queue is as fresh as the last half minute while the officer looks at it.

const EVERY = 30_000;

setInterval(() => {
  if (!document.hidden) location.reload();
}, EVERY);
