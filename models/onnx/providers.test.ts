import assert from 'node:assert/strict';
import { test } from 'node:test';
import { providerProblem } from './providers.ts';
import { StashSenseError } from '../../core/errors.ts';
import { inEnglish } from '../../core/messages/english.ts';
import { message, plain } from '../../core/messages/message.ts';

/** As `openEngine` throws it. */
const notStarted = (said: string): StashSenseError =>
  new StashSenseError('runtime-missing', message('model.noEngine', { reason: said }), {
    cause: new Error(said),
  });

for (const [provider, error, words] of [
  [
    'cuda',
    notStarted('OrtSessionOptionsAppendExecutionProvider_Cuda: Failed to load shared library'),
    "there is no NVIDIA card, or NVIDIA's CUDA libraries are not beside onnxruntime",
  ],
  [
    'webgpu',
    notStarted(
      'webgpu_context.cc:136 adapter_result.status == wgpu::RequestAdapterStatus::Success was false',
    ),
    'no graphics card was found; on Linux it takes a Vulkan loader and the driver',
  ],
  ['dml', notStarted('no device (0x1)'), 'no device (0x1)'],
  [
    'cpu',
    new StashSenseError('model-missing', plain('The file of a model is missing.')),
    'The file of a model is missing.',
  ],
  ['cpu', new Error('It broke.\nmore'), 'It broke.'],
] as const)
  test(`why ${provider} is not used is told in words: ${words}`, () => {
    assert.equal(inEnglish(providerProblem(provider, error)), words);
  });
