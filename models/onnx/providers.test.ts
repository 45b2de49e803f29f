import assert from 'node:assert/strict';
import { test } from 'node:test';
import { providerProblem } from './providers.ts';

for (const [provider, said, words] of [
  [
    'cuda',
    'No engine for the models could be started (native cuda: OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library); install the plugin again, it brings one that runs everywhere.',
    "there is no NVIDIA card, or NVIDIA's CUDA libraries are not beside onnxruntime",
  ],
  [
    'webgpu',
    'No engine for the models could be started (native webgpu: webgpu_context.cc:136 adapter_result.status == wgpu::RequestAdapterStatus::Success was false',
    'no graphics card was found; on Linux it takes a Vulkan loader and the driver',
  ],
  [
    'dml',
    'No engine for the models could be started (native dml: no device (0x1)); install the plugin again, it brings one that runs everywhere.',
    'no device (0x1)',
  ],
  ['cpu', 'The file of a model is missing.\nmore', 'The file of a model is missing.'],
] as const)
  test(`why ${provider} is not used is told in words: ${words}`, () => {
    assert.equal(providerProblem(provider, said), words);
  });
