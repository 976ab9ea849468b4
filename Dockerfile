# syntax=docker/dockerfile:1
FROM golang:1.26 AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
ARG COMMIT=unknown
RUN .ci/build.sh /slotfinder && mkdir /data

# No shell, no packages: root certificates and the user nonroot. The program brings its own time zones.
FROM gcr.io/distroless/static-debian12:nonroot
COPY --from=build /slotfinder /slotfinder
COPY LICENSE THIRD_PARTY_NOTICES.md /licenses/
COPY --from=build --chown=nonroot:nonroot /data /data
# Where the container has a limit of memory of its own, 90 % of that counts if it is less.
ENV SLOTFINDER_LISTEN=0.0.0.0:8080 SLOTFINDER_DATABASE=sqlite:/data/slotfinder.db GOMEMLIMIT=1GiB
VOLUME /data
EXPOSE 8080
USER nonroot
HEALTHCHECK --interval=15s --timeout=5s --start-period=10s CMD ["/slotfinder", "healthcheck"]
ENTRYPOINT ["/slotfinder"]
CMD ["serve"]
