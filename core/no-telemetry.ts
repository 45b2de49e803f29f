/**
The environment of every process that may load a compiled package. onnxruntime-node reads it once, while it is loaded;
without it the builds for Linux and macOS write a database, a device id and a log to the cache and temporary folders, send
usage events to mobile.events.data.microsoft.com, and crash where the command line has more than some 25 000 characters.
*/
export const NO_TELEMETRY = { ORT_DISABLE_TELEMETRY: '1' } as const;
