/** The schema of Image, in the form of the recorded facts. The descriptions are what a person reads over a field. */
import type { Schema, SchemaSet } from '../../../apimachinery/scheme/schema.ts';
import type { GoFacts } from '../../../apimachinery/scheme/typeNode.ts';
import { FILE_TYPES } from './types.ts';

const PREFIX = 'dev.kubepad.v1';
const text = (description: string): Schema => ({ type: 'string', description });
const texts = (description: string): Schema => ({
  type: 'array',
  items: { type: 'string' },
  'x-kubernetes-list-type': 'atomic',
  description,
});
const count = (description: string): Schema => ({ type: 'integer', format: 'int32', description });
const bytes = (description: string): Schema => ({ type: 'integer', format: 'int64', description });
const list = (name: string, description: string): Schema => ({
  type: 'array',
  items: { default: {}, ref: `${PREFIX}.${name}` },
  'x-kubernetes-list-type': 'atomic',
  description,
});

export const IMAGE_SCHEMAS: SchemaSet['definitions'] = {
  [`${PREFIX}.ImageSpec`]: {
    type: 'object',
    required: ['repository'],
    properties: {
      repository: text('Registry and path without a tag, such as localhost:5000/shop/web. Without a registry it is one of Docker Hub.'),
      tags: {
        type: 'array',
        items: { type: 'string' },
        'x-kubernetes-list-type': 'atomic',
        description: 'The tags that mean this image. Default at creation: latest. An image without tags goes by its digest.',
      },
      pushed: { type: 'boolean', description: 'Whether the registry has it, so that nodes can pull it. Default true.' },
      layers: list('ImageLayer', 'What it is made of, from the lowest layer to the topmost.'),
      config: { ref: `${PREFIX}.ImageConfig`, description: 'What a container of the image starts with.' },
      program: { ref: `${PREFIX}.ImageProgram`, description: 'What a container of the image does, where its command does not say it.' },
      base: text('The image that it was built on, as FROM names it: its files and programs are there, too.'),
      source: { ref: `${PREFIX}.ImageSource`, description: 'Where it was built.' },
    },
  },
  [`${PREFIX}.ImageLayer`]: {
    type: 'object',
    required: ['size'],
    properties: {
      digest: text('sha256: and 64 hexadecimal digits. Default: by size, origin and files.'),
      size: bytes('Bytes.'),
      createdBy: text('The instruction that made it.'),
      files: list('ImageFile', 'What it adds to the layers below.'),
    },
  },
  [`${PREFIX}.ImageFile`]: {
    type: 'object',
    required: ['path'],
    properties: {
      path: text('Absolute path in the container.'),
      type: { type: 'string', enum: [...FILE_TYPES], description: 'Default File. Removed hides what lower layers have there.' },
      mode: count('Permission bits. Default 0644 for files, 0755 for directories.'),
      text: text('The content.'),
      base64: text('The content, where it is no text.'),
      size: bytes('Bytes of a file whose content is not kept.'),
    },
  },
  [`${PREFIX}.ImageConfig`]: {
    type: 'object',
    properties: {
      entrypoint: texts('The program; `command` of a container replaces it and `cmd`.'),
      cmd: texts('Arguments of the entrypoint, or the program where there is none; `args` of a container replaces it.'),
      env: list('ImageVariable', 'Environment variables; those of a container go over them.'),
      workingDir: text('The directory in which the program starts. Default /.'),
      ports: texts('The ports on which it listens, such as 8080/tcp.'),
      user: text('Name or number, and a group after a colon. Default root.'),
      labels: { type: 'object', additionalProperties: { type: 'string' }, description: 'Labels of the image.' },
      volumes: texts('Directories for data that outlives the container.'),
      stopSignal: text('What a container is asked to stop with. Default SIGTERM.'),
      shell: texts('What runs commands that are one text. Default /bin/sh -c.'),
      healthcheck: { ref: `${PREFIX}.ImageHealthcheck`, description: 'Kept for container engines; Kubernetes has probes instead.' },
      onBuild: texts('Instructions for the builds that take this image as their base.'),
    },
  },
  [`${PREFIX}.ImageVariable`]: {
    type: 'object',
    required: ['name'],
    properties: { name: text('Name of the variable.'), value: text('Its value.') },
  },
  [`${PREFIX}.ImageHealthcheck`]: {
    type: 'object',
    required: ['test'],
    properties: {
      test: texts('NONE; CMD and a program with its arguments; or CMD-SHELL and a command.'),
      interval: text('Time between two checks.'),
      timeout: text('How long a check may take.'),
      startPeriod: text('How long after the start failures do not count.'),
      startInterval: text('Time between two checks in the start period.'),
      retries: count('So many failures in a row make the container unhealthy.'),
    },
  },
  [`${PREFIX}.ImageProgram`]: {
    type: 'object',
    properties: {
      startTime: text('How long after its start it begins to answer, such as 3s.'),
      memory: list('ImageMemory', 'Memory over time. Between two entries it grows evenly; after the last it stays.'),
      cpuPerRequest: text('CPU time that one request costs, such as 5ms.'),
      exitAfter: text('It ends by itself after that time.'),
      exitCode: count('What it ends with after exitAfter. Default 0.'),
      failingPaths: list('FailingPath', 'Paths that are answered with an error.'),
    },
  },
  [`${PREFIX}.ImageMemory`]: {
    type: 'object',
    required: ['amount'],
    properties: {
      after: text('Time after the start. Default 0s.'),
      amount: { ref: 'io.k8s.apimachinery.pkg.api.resource.Quantity', description: 'Memory, such as 64Mi.' },
    },
  },
  [`${PREFIX}.FailingPath`]: {
    type: 'object',
    required: ['path'],
    properties: {
      path: text('Such as /healthz.'),
      after: text('How long after the start it begins to fail. Default: at once.'),
      code: count('HTTP status code. Default 500.'),
      port: count('Default: the first port of the configuration.'),
    },
  },
  [`${PREFIX}.ImageSource`]: {
    type: 'object',
    required: ['dockerfile'],
    properties: {
      dockerfile: text('Path of the Dockerfile.'),
      context: text('Path of the directory whose files it copies.'),
      target: text('The stage that was built, where it is not the last.'),
    },
  },
  [`${PREFIX}.ImageStatus`]: {
    type: 'object',
    properties: {
      digest: text('sha256 of layers and configuration.'),
      size: bytes('Bytes of all layers.'),
      nodeCount: count('How many nodes have it.'),
      nodes: texts('The first nodes that have it.'),
    },
  },
};

export const IMAGE_GO_FACTS: GoFacts = {
  [`${PREFIX}.ImageSpec`]: 'repository! tags pushed* layers config* program* base source*',
  [`${PREFIX}.ImageLayer`]: 'digest size! createdBy files',
  [`${PREFIX}.ImageFile`]: 'path! type mode* text* base64* size*',
  [`${PREFIX}.ImageConfig`]: 'entrypoint cmd env workingDir ports user labels volumes stopSignal shell healthcheck* onBuild',
  [`${PREFIX}.ImageVariable`]: 'name! value',
  [`${PREFIX}.ImageHealthcheck`]: 'test! interval timeout startPeriod startInterval retries*',
  [`${PREFIX}.ImageProgram`]: 'startTime memory cpuPerRequest exitAfter exitCode* failingPaths',
  [`${PREFIX}.ImageMemory`]: 'after amount!',
  [`${PREFIX}.FailingPath`]: 'path! after code* port*',
  [`${PREFIX}.ImageSource`]: 'dockerfile! context target',
  [`${PREFIX}.ImageStatus`]: 'digest size nodeCount! nodes',
};
