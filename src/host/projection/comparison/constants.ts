/** A documented figure about virtual machines, and where it stands. */
export interface Figure {
  readonly value: number;
  /** What it is a figure of. */
  readonly label: string;
  readonly source: string;
  readonly url: string;
}

const MIB = 1024 * 1024;

/** What a virtual machine adds to the program in it. Figures of others, each with its source; nothing of it is simulated. */
export const VM = {
  guestBytes: {
    value: 512 * MIB,
    label: '512 MiB for the guest',
    source: 'memory recommended for a server without a desktop: Debian 11, Installation Guide, section 3.4',
    url: 'https://www.debian.org/releases/bullseye/amd64/ch03s04.en.html',
  },
  hypervisorBytes: {
    value: 25.9 * MIB,
    label: '25.9 MiB for the hypervisor',
    source: 'overhead of one vCPU and 1024 MB: VMware vSphere 6.7, Resource Management, “Overhead Memory on Virtual Machines”',
    url: 'https://docs.vmware.com/en/VMware-vSphere/6.7/com.vmware.vsphere.resmgmt.doc/GUID-B42C72C1-F8D5-40DC-93D1-FB31849B1114.html',
  },
  startMs: {
    value: 96_900,
    label: '96.9 s to start',
    source:
      'mean of Linux on EC2: Mao and Humphrey, “A Performance Study on the VM Startup Time in the Cloud”, IEEE CLOUD 2012; today’s are quicker',
    url: 'https://doi.org/10.1109/CLOUD.2012.103',
  },
  microHypervisorBytes: {
    value: 5 * MIB,
    label: '5 MiB at most for the hypervisor of a micro-VM',
    source: 'threads of the virtual machine manager, one vCPU and 128 MiB: Firecracker, SPECIFICATION.md',
    url: 'https://github.com/firecracker-microvm/firecracker/blob/main/SPECIFICATION.md',
  },
  microStartMs: {
    value: 125,
    label: '125 ms at most to start a micro-VM',
    source: 'a micro-VM with a minimal kernel, up to the first program of its user space: Firecracker, SPECIFICATION.md',
    url: 'https://github.com/firecracker-microvm/firecracker/blob/main/SPECIFICATION.md',
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
