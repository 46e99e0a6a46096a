# Meterhouse without what only development and the embedded PostgreSQL need.
FROM node:24.21.0-alpine@sha256:ebfe2f90462722a7a4de65e91990e97fe0d401c70e0e762c5b53302f905ec1c1 AS dependencies
WORKDIR /opt/meterhouse
COPY package.json package-lock.json ./
# The optional packages are PostgreSQL's programs and the Node that this image already is.
RUN npm ci --omit=dev --omit=optional --ignore-scripts && npm cache clean --force

FROM node:24.21.0-alpine@sha256:ebfe2f90462722a7a4de65e91990e97fe0d401c70e0e762c5b53302f905ec1c1
ENV NODE_ENV=production
WORKDIR /opt/meterhouse
# Where commands write; a volume made on it belongs to the same user.
RUN mkdir /var/lib/meterhouse && chown node:node /var/lib/meterhouse
COPY --from=dependencies /opt/meterhouse/node_modules ./node_modules
COPY package.json ./
COPY app ./app
COPY collectors ./collectors
COPY exports ./exports
COPY foundation ./foundation
COPY migrations ./migrations
COPY reference ./reference
COPY simulator ./simulator
COPY transforms ./transforms
USER node
ENTRYPOINT ["node", "app/main.ts"]
CMD ["up"]
# `health` judges every loop by what the daemon reports of itself. A daemon whose loop hangs ends by
# itself with an error, so that the restart policy starts it again. A first transform may take long.
HEALTHCHECK --interval=1m --timeout=30s --start-period=20m --retries=2 \
  CMD ["node", "app/main.ts", "health"]
