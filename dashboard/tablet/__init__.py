"""The tablet's own pages: plain HTML behind a service worker, which open and work without any network."""
