// Two certificates as a Secret has them: PEM in base64. Made for these tests, with keys that nobody has kept.
const pem = (body: string): string => btoa(`-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`);

/** For shop.example.com and *.shop.example.com, by `Example CA`. */
export const SIGNED = pem(
  'MIIBmzCCAUGgAwIBAgIUVd+eoOfNrDVK3Sq3pW6eMtnVkVswCgYIKoZIzj0EAwIwFTETMBEGA1UEAwwKRXhhbXBsZSBDQTAgFw0yNjExMjYxMTEwNTlaGA8y' +
    'MTI2MTEwMjExMTA1OVowDzENMAsGA1UEAwwEc2hvcDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABGK/YpXlxoZ4RlAjhrdhhIF/blEp4PLdrQzT/BcxfnJm' +
    'FXDwqOwSZQ6sZ1HbCX+rYjlg0mLQioCI5Oz/zv4sQyyjczBxMC8GA1UdEQQoMCaCEHNob3AuZXhhbXBsZS5jb22CEiouc2hvcC5leGFtcGxlLmNvbTAdBgNV' +
    'HQ4EFgQUuCjnanz2md9nHPU0WW32h++WW1gwHwYDVR0jBBgwFoAUz7bCVUiRXwtBJkgqvx7UaJhdpbcwCgYIKoZIzj0EAwIDSAAwRQIgFFcyPV/aiBRBygYN' +
    'J/l5QSH5RpX0eeM7WLCSAsNkaWQCIQDBEr+O8orIEuqUNqEFV1tEJ8E1f0qsA14SObt/nrCHNw==',
);

/** For shop.example.com by its common name, by itself. */
export const SELF_SIGNED = pem(
  'MIIBjTCCATOgAwIBAgIUc6/22D/5N3+pnWNXXQG69xzCG28wCgYIKoZIzj0EAwIwGzEZMBcGA1UEAwwQc2hvcC5leGFtcGxlLmNvbTAgFw0yNjExMjYxMTEw' +
    'NTlaGA8yMTI2MTEwMjExMTA1OVowGzEZMBcGA1UEAwwQc2hvcC5leGFtcGxlLmNvbTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABDkk//raZPKM9DZjt71W' +
    '1tGh2zbEwxcCUhnFT81K2UbqGw7uiToNON/21s4RI4iMshOKke3toR9zufTMkRJufiCjUzBRMB0GA1UdDgQWBBTQ47bMYHic87aYOI22ulNdgqJu3zAfBgNV' +
    'HSMEGDAWgBTQ47bMYHic87aYOI22ulNdgqJu3zAPBgNVHRMBAf8EBTADAQH/MAoGCCqGSM49BAMCA0gAMEUCIQCT8wo0r3lyoouw7ELFj4CX7xLfoQp9KcP4' +
    'qQwc16GS7gIgHDHjkZJVQ6uWKqnJQ2rUpaXBm8TIfuCBcb+jQEy11o0=',
);
