/**
 * What a process in a container asks of the network, and what the network asks of the Pods that serve.
 * Promised: an answer is plain data, worked out at the moment of the question; `afterMs` of virtual time later the process has it.
 * Not promised: that the world is still the same by then, nor that an answer comes: see `timeout`. Nothing stays open between two calls.
 * Counterpart: the sockets of a Pod's network namespace and the resolver of its C library.
 */
import type { Pod } from '../api/schema/types/core/v1.ts';
import type { HttpRequest, HttpResponse } from './http.ts';

export type Protocol = 'TCP' | 'UDP' | 'SCTP';

/** Where a connection goes: an address (never a name) and a port. */
export interface Target {
  readonly address: string;
  readonly port: number;
  /** Default TCP. */
  readonly protocol?: Protocol;
}

/**
 * Why nothing could be connected. `refused`: an answer that nobody listens (ECONNREFUSED). `unreachable`: there is no way to the
 * address (EHOSTUNREACH). `timeout`: no packet comes back at all; the process waits as long as it would, and gives up (ETIMEDOUT).
 */
export type ConnectFailure = 'refused' | 'unreachable' | 'timeout';

export type Connected = { readonly ok: true; readonly afterMs: number } | Failed<ConnectFailure>;

interface Failed<F extends string> {
  readonly ok: false;
  readonly failure: F;
  /** How long until the process knows; of a `timeout` it never knows, so 0. */
  readonly afterMs: number;
  /** Why, for people: the rule, policy or machine that decided. */
  readonly why: string;
}

/**
 * Beside the failures to connect. `reset`: the server went away in the middle. `empty`: it closed without an answer.
 * `no-answer`: connected, but nothing is said (as long as the process waits). `not-http`: what listens there speaks something else.
 * `not-tls` and `tls-expected`: one side speaks TLS, the other does not.
 */
export type RequestFailure = ConnectFailure | 'reset' | 'empty' | 'no-answer' | 'not-http' | 'not-tls' | 'tls-expected';

export interface HttpTarget extends Target {
  /** Default false. */
  readonly tls?: boolean;
  /** Which server a client of TLS asks for (SNI); default: the host of the request. */
  readonly serverName?: string;
}

/** What a server showed of itself. */
export interface ServerCertificate {
  /** Names that it is for; `*.example.com` is one. */
  readonly names: readonly string[];
  readonly issuer: string;
  /** Nobody vouches for it but itself. */
  readonly selfSigned: boolean;
}

export type Responded =
  | { readonly ok: true; readonly response: HttpResponse; readonly afterMs: number; readonly certificate?: ServerCertificate }
  | Failed<RequestFailure>;

export type RecordType = 'A' | 'AAAA' | 'CNAME' | 'NS' | 'PTR' | 'SOA' | 'SRV' | 'TXT';

export interface DnsRecord {
  /** With the dot at the end. */
  readonly name: string;
  readonly type: RecordType;
  readonly ttlSeconds: number;
  /** As zone files write it: an address; a name with its dot; of SRV `0 100 80 name.`. */
  readonly data: string;
}

export interface DnsMessage {
  readonly status: 'NOERROR' | 'NXDOMAIN' | 'SERVFAIL' | 'REFUSED';
  readonly authoritative: boolean;
  /** The name that was asked for in the end, with its dot. */
  readonly question: { readonly name: string; readonly type: RecordType };
  readonly answers: readonly DnsRecord[];
  readonly authority: readonly DnsRecord[];
  readonly additional: readonly DnsRecord[];
}

/** The answer of one server to one question; or none. */
export type Queried =
  | { readonly ok: true; readonly server: string; readonly message: DnsMessage; readonly afterMs: number }
  | (Failed<ConnectFailure> & { readonly server: string });

/** What getaddrinfo says: `not-found` (EAI_NONAME), or `try-again` (EAI_AGAIN) where no server answered or the server failed. */
export type Lookup =
  | {
      readonly ok: true;
      /** IPv4 first. Never empty. */
      readonly addresses: readonly string[];
      /** What the name was in full, or what a CNAME led to; without the dot. */
      readonly canonicalName: string;
      readonly afterMs: number;
    }
  | Failed<'not-found' | 'try-again'>;

/** How a Pod's processes find names: what /etc/resolv.conf says. */
export interface Resolver {
  readonly nameservers: readonly string[];
  readonly searches: readonly string[];
  /** `ndots:5`, `edns0`. */
  readonly options: readonly string[];
}

/** The network as the processes of a Pod see it. The Pod is the one who asks; its addresses, node and DNS settings count. */
export interface Network {
  /** What the kubelet writes into the Pod's /etc/resolv.conf. */
  resolver(pod: Pod): Resolver;
  /** A name by /etc/hosts, then by DNS with the search list, as the C library does it. An address is its own answer. */
  lookup(pod: Pod, name: string): Lookup;
  /**
   * One DNS question as nslookup and dig ask it. With `search` the search list is tried as /etc/resolv.conf says it, and the answer
   * is the last one; without, the name is taken as it is. @param server default: the first nameserver of the Pod
   */
  query(pod: Pod, name: string, type: RecordType, options?: { readonly search?: boolean; readonly server?: string }): Queried;
  /** Whether a connection (of UDP: a packet that is answered) comes about. */
  connect(pod: Pod, target: Target): Connected;
  /** One HTTP request over a connection of its own. The name of the host is told by the `host` header. */
  request(pod: Pod, target: HttpTarget, request: HttpRequest): Responded;
}

/** What a server in a Pod makes of a request. `hang`: nothing for ever. */
export type Served =
  | { readonly ok: true; readonly response: HttpResponse; readonly afterMs: number }
  | { readonly ok: false; readonly failure: 'refused' | 'hang' | 'reset' | 'empty' | 'not-http' };

/** A server as those see it who send very many requests. */
export interface Station {
  /** Names one start of the container. */
  readonly id: string;
  readonly container: string;
  /** The status code of its answers. */
  readonly code: number;
  /** CPU that it may use at most; Infinity: as much as the machine has. */
  readonly limitMilliCpu: number;
  /** CPU time of a request, where the image says it. */
  readonly cpuPerRequestMs: number | undefined;
}

/** What the machines and the processes on them answer, from the other side. The kubelets know. */
export interface Servers {
  /** `down`: it has no power. `cut`: it runs, but no packet of another machine reaches it. */
  machine(node: string): 'up' | 'down' | 'cut';
  /** Whether a process in the Pod listens on the port. `hang`: it takes connections and says nothing. */
  listens(pod: Pod, port: number, protocol: Protocol): 'open' | 'refused' | 'hang';
  serve(pod: Pod, port: number, request: HttpRequest): Served;
  /** Who would answer GETs of the path, and how. */
  station(pod: Pod, port: number, path: string): Station | 'refused' | 'hang' | 'not-http';
}
