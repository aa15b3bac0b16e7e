/** The program as recordings name it: only the very same one repeats a recorded run event by event. Equal to package.json. */
export const PROGRAM = 'kubepad 0.1.0';
