# One image for every role: `akademi serve gateway`, `akademi serve registration`, …
#
#   docker build -t akademi .
#
# builds the binary in the first stage: dependencies by themselves, so that a change of our own code
# compiles only that. To put a binary into the image that was built elsewhere, lay it under dist/ and
# name it; then nothing is compiled and no Rust image is needed:
#
#   docker build -t akademi --build-arg BINARY=dist/akademi --build-arg BUILD_IMAGE=debian:bookworm-slim .
#
# The image is made from scratch: the binary, the libraries that it names, certificates, time zones,
# a user, a bill of materials. It has no shell and no package manager. Needs no BuildKit.

ARG BUILD_IMAGE=rust:1.95-bookworm
ARG ROOT_IMAGE=debian:bookworm-slim

# --- what decides about dependencies --------------------------------------------------------------

FROM ${ROOT_IMAGE} AS skeleton
WORKDIR /src
COPY . .
RUN deploy/image/skeleton.sh /src /skeleton

# --- the binary -----------------------------------------------------------------------------------

FROM ${BUILD_IMAGE} AS binary
ARG BINARY=
WORKDIR /src
# Dependencies alone: as long as no manifest changes, this layer is taken from the cache.
COPY --from=skeleton /skeleton .
RUN if [ -z "$BINARY" ]; then cargo build --release --locked --package akademi; fi
COPY . .
# The image has its toolchain already; the pin in the checkout would fetch it a second time.
RUN if [ -n "$BINARY" ]; then \
        install -D -m 0755 "$BINARY" /out/akademi \
        && { [ ! -s "$BINARY.metadata.json" ] || cp "$BINARY.metadata.json" /out/metadata.json; }; \
    else \
        rm -f rust-toolchain.toml \
        && find . -name '*.rs' -not -path './target/*' -exec touch {} + \
        && mkdir -p /out \
        && cargo build --release --locked --package akademi \
        && cargo metadata --locked --format-version 1 \
            --filter-platform "$(rustc -vV | sed -n 's/^host: //p')" > /out/metadata.json \
        && install -D -m 0755 target/release/akademi /out/akademi; \
    fi

# --- what else the image holds --------------------------------------------------------------------

FROM ${ROOT_IMAGE} AS root
RUN if [ ! -d /usr/share/zoneinfo ] || [ ! -s /etc/ssl/certs/ca-certificates.crt ] || ! python3 -c 'import json' 2>/dev/null; then \
        apt-get update \
        && apt-get install --yes --no-install-recommends ca-certificates tzdata python3 \
        && rm -rf /var/lib/apt/lists/*; \
    fi
COPY --from=binary /out /out
COPY deploy/image Cargo.lock /image/
RUN /image/root.sh /out /root-of-image

# --- the image ------------------------------------------------------------------------------------

FROM scratch
ARG VERSION=0.1.0
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Akademi" \
      org.opencontainers.image.description="Leadership-development programmes for municipalities" \
      org.opencontainers.image.licenses="EUPL-1.2" \
      org.opencontainers.image.source="https://akademi.example/source" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}" \
      akademi.sbom="/usr/share/akademi/sbom.cdx.json"
COPY --from=root /root-of-image /
# Writes only below its home, which is a volume; the rest of the file system may be read-only.
USER 10001:10001
WORKDIR /var/lib/akademi
ENV AKADEMI_LISTEN=0.0.0.0:8080 \
    AKADEMI_LOG_FORMAT=json
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["/usr/local/bin/akademi", "health", "http://127.0.0.1:8080/health/ready"]
ENTRYPOINT ["/usr/local/bin/akademi"]
CMD ["serve"]
