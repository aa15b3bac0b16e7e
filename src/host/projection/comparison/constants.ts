/** A documented figure about virtual machines, and where it stands. */
export interface Figure {
  readonly value: number;
  readonly source: string;
}

const MIB = 1024 * 1024;

/** What a virtual machine adds to the program in it. Figures of others, each with its source; nothing of it is simulated. */
export const VM = {
  guestBytes: {
    value: 512 * MIB,
    source: 'memory recommended for a server without a desktop: Debian 11, Installation Guide, section 3.4',
  },
  hypervisorBytes: {
    value: 25.9 * MIB,
    source: 'overhead of one vCPU and 1024 MB: VMware vSphere 6.7, Resource Management, “Overhead Memory on Virtual Machines”',
  },
  startMs: {
    value: 96_900,
    source:
      'mean of Linux on EC2: Mao and Humphrey, “A Performance Study on the VM Startup Time in the Cloud”, IEEE CLOUD 2012; today’s are quicker',
  },
  microStartMs: {
    value: 125,
    source: 'a micro-VM with a minimal kernel, up to the first program of its user space: Firecracker, SPECIFICATION.md',
  },
} as const satisfies Readonly<Record<string, Figure>>;

export const LAYERS = {
  vm: ['Server', 'Host OS', 'Hypervisor', 'Guest OS', 'App'],
  container: ['Server', 'Host OS', 'Container engine', 'App'],
} as const;

export const ISOLATION = {
  vm: 'a kernel of its own on virtual hardware',
  container: 'namespaces (pid, net, mnt, uts, ipc) and cgroups of the host’s one kernel',
} as const;
