# The image: Node, the libraries it is linked to, and one file. No shell, no package manager, nothing else.
#
# The first stage names an exact tag, and a tag can be moved. To pin what you have checked, look its digest up with
#   docker buildx imagetools inspect node:26.10.0-trixie-slim
# and write node:26.10.0-trixie-slim@sha256:... in its FROM line.

FROM node:26.10.0-trixie-slim AS builder
WORKDIR /build
COPY package.json package-lock.json ./
RUN npm ci
COPY tsconfig.json ./
COPY src ./src
# The commit that --version tells, where .git is not sent along: docker build --build-arg GIT_COMMIT=$(git rev-parse HEAD) .
ARG GIT_COMMIT=
RUN npm run build:release
RUN node src/build/lay-out-image.ts dist/image

FROM scratch
LABEL org.opencontainers.image.title="databar-sync" \
      org.opencontainers.image.description="GitOps for Databar custom API connectors: commit YAML, the workspace follows." \
      org.opencontainers.image.version="0.1.0"

COPY --from=builder /build/dist/image /

ENV DATABAR_SYNC_DIR=/connectors \
    DATABAR_SYNC_STATE_DIR=/var/lib/databar-sync \
    DATABAR_SYNC_LISTEN=0.0.0.0:8700
WORKDIR /
USER 65532:65532
EXPOSE 8700
STOPSIGNAL SIGTERM

# Asks where DATABAR_SYNC_LISTEN says, and is content when that is off. It cannot see --listen or a config file.
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s --retries=3 CMD ["/usr/local/bin/node", "--eval", "const at = process.env.DATABAR_SYNC_LISTEN || '127.0.0.1:8700'; if (at !== 'off') fetch('http://' + at.replace('0.0.0.0:', '127.0.0.1:').replace('[::]:', '[::1]:') + '/healthz').then((answer) => process.exit(answer.ok ? 0 : 1), () => process.exit(1));"]

ENTRYPOINT ["/usr/local/bin/node", "/usr/local/lib/databar-sync.mjs"]
CMD ["run"]
