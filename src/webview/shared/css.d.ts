// Style sheets are bundled beside the script of the surface that imports them.
declare module '*.css';
