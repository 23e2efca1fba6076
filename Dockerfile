# One image for every role: `akademi serve gateway`, `akademi serve registration`, …
#
#   docker build -t akademi .
#
# builds the binary in the first stage. To put a binary into the image that was built elsewhere,
# lay it under dist/ and name it; then the first stage compiles nothing and needs no Rust image:
#
#   docker build -t akademi --build-arg BINARY=dist/akademi \
#       --build-arg BUILD_IMAGE=debian:bookworm-slim .
#
# Needs no BuildKit.

ARG BUILD_IMAGE=rust:1.95-bookworm
ARG RUNTIME_IMAGE=debian:bookworm-slim

FROM ${BUILD_IMAGE} AS binary
ARG BINARY=
WORKDIR /src
COPY . .
# The image has its toolchain already; the pin in the checkout would fetch it a second time.
RUN if [ -n "$BINARY" ]; then \
        install -D -m 0755 "$BINARY" /out/akademi; \
    else \
        rm -f rust-toolchain.toml \
        && cargo build --release --locked --package akademi \
        && install -D -m 0755 target/release/akademi /out/akademi; \
    fi

FROM ${RUNTIME_IMAGE}
# Certificates for outgoing TLS, time zones for wall-clock times.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates tzdata \
    && rm -rf /var/lib/apt/lists/* \
    && useradd --system --uid 10001 --user-group --home-dir /var/lib/akademi akademi \
    && install -d -o akademi -g akademi -m 0750 /var/lib/akademi /var/lib/akademi/mail
COPY --from=binary /out/akademi /usr/local/bin/akademi

# Writes only below its home, which is a volume; the rest of the file system may be read-only.
USER akademi
WORKDIR /var/lib/akademi
ENV AKADEMI_LISTEN=0.0.0.0:8080 \
    AKADEMI_LOG_FORMAT=json
EXPOSE 8080
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
    CMD ["akademi", "health", "http://127.0.0.1:8080/health/ready"]
ENTRYPOINT ["akademi"]
CMD ["serve"]
