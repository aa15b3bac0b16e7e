const { createServer } = require('node:http');
const { hostname } = require('node:os');

const words = ['Hello', 'from'];
// words.push('the', 'new');

// In a container the host's name is the Pod's name: reload a few times to see which replica answers.
const server = createServer((request, response) => response.end(`${words.join(' ')} ${hostname()}\n`));
server.listen(Number(process.env.PORT ?? 8080));

// Kubernetes asks a container to stop with SIGTERM and waits terminationGracePeriodSeconds.
process.on('SIGTERM', () => server.close());
