/**
Environment of every process that may load a native package. onnxruntime-node reads it once, when it is loaded. Without
it the builds for Linux and macOS write a database, a device id and a log to the cache and temporary folders, send usage
events to mobile.events.data.microsoft.com, and crash when the command line is longer than about 25 000 characters.
*/
export const NO_TELEMETRY = { ORT_DISABLE_TELEMETRY: '1' } as const;
