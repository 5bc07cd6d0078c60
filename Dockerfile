# The image: Node and one file.
#
# Both stages name an exact tag, and a tag can be moved. To pin what you have checked, look its digest up with
#   docker buildx imagetools inspect node:26.10.0-trixie-slim
# and write node:26.10.0-trixie-slim@sha256:... in both FROM lines.

FROM node:26.10.0-trixie-slim AS builder
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json ./
COPY src ./src
RUN npm run build

FROM node:26.10.0-trixie-slim
LABEL org.opencontainers.image.title="databar-sync" \
      org.opencontainers.image.description="GitOps for Databar custom API connectors: commit YAML, the workspace follows." \
      org.opencontainers.image.version="0.1.0"

# Whoever the container runs as may keep state here; the files in it are made for their owner alone.
RUN mkdir --mode=1777 /var/lib/databar-sync

COPY --from=builder /build/dist/databar-sync.mjs /usr/local/lib/databar-sync.mjs

ENV DATABAR_SYNC_DIR=/connectors \
    DATABAR_SYNC_STATE_DIR=/var/lib/databar-sync \
    DATABAR_SYNC_LISTEN=0.0.0.0:8700
WORKDIR /
USER 65532:65532
EXPOSE 8700
STOPSIGNAL SIGTERM

# Asks where DATABAR_SYNC_LISTEN says, and is content when that is off. It cannot see --listen or a config file.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["node", "--eval", "const at = process.env.DATABAR_SYNC_LISTEN || '127.0.0.1:8700'; if (at !== 'off') fetch('http://' + at.replace('0.0.0.0:', '127.0.0.1:').replace('[::]:', '[::1]:') + '/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1));"]

ENTRYPOINT ["node", "/usr/local/lib/databar-sync.mjs"]
CMD ["run"]
