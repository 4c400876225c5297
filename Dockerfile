# The image: the built program, what it needs to run, and no shell. docs/image.md says how to build, check and release it.
#
# For a release both bases are pinned by digest, for example --build-arg BASE=gcr.io/distroless/cc-debian13@sha256:…

# Where it is built: Node 24 and npm. Its `node` goes into the image.
ARG BUILD_BASE=docker.io/library/node:24-trixie-slim
# What it runs on: a C library and the C++ runtime that Node needs, nothing else.
ARG BASE=gcr.io/distroless/cc-debian13

FROM ${BUILD_BASE} AS build
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
# The secret `npmrc` names a mirror of the npm registry, where there is one.
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci --ignore-scripts
COPY tsconfig.json tsconfig.build.json ./
COPY scripts ./scripts
COPY src ./src
RUN npm run build && find dist -name '*.map' -delete

FROM ${BUILD_BASE} AS dependencies
WORKDIR /build
COPY package.json package-lock.json .npmrc ./
RUN --mount=type=secret,id=npmrc,target=/root/.npmrc npm ci --omit=dev --omit=optional --ignore-scripts

FROM ${BASE}
ARG VERSION=unknown
ARG REVISION=unknown
LABEL org.opencontainers.image.title="Halogate" \
      org.opencontainers.image.description="A sign-in gateway that stands in front of an existing Halo." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /usr/local/bin/node /usr/local/bin/node
COPY --chmod=644 LICENSE package.json ./
COPY --from=dependencies /build/node_modules ./node_modules
COPY --from=build /build/dist ./dist
# A number: Kubernetes cannot tell of a name whether it is root.
USER 65532:65532
EXPOSE 8080 9090
ENTRYPOINT ["/usr/local/bin/node", "/app/dist/cli.js"]
CMD ["serve", "--config", "/etc/halogate/halogate.yaml"]
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 \
  CMD ["/usr/local/bin/node", "/app/dist/cli.js", "probe", "--config", "/etc/halogate/halogate.yaml"]
