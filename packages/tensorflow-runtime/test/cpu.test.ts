import { expect, test } from 'vitest';
import { describeCpu, describeFeatures, parseCpuInfo, parseSysctl } from '../src/cpu.ts';

test('the telling instruction sets are named in a fixed order, others are not', () => {
  const features = parseCpuInfo(
    'processor\t: 0\nflags\t\t: fpu fma avx2 avx sse4_2 erms\nbugs\t: none\n',
  );
  expect(describeFeatures('x64', features)).toBe('x64 sse4_2 avx avx2 fma');
});

test('arm64 on Linux and on macOS uses the same words', () => {
  const linux = parseCpuInfo('Features\t: fp asimd bf16 asimddp\n');
  const mac = parseSysctl(
    'hw.optional.arm.AdvSIMD: 1\nhw.optional.arm.FEAT_BF16: 1\nhw.optional.arm.FEAT_DotProd: 1\nhw.optional.arm.FEAT_I8MM: 0\n',
  );
  expect(describeFeatures('arm64', linux)).toBe('arm64 asimd asimddp bf16');
  expect(describeFeatures('arm64', mac)).toBe('arm64 asimd asimddp bf16');
});

test('where nothing can be read the architecture remains', () => {
  expect(describeFeatures('x64', parseCpuInfo(''))).toBe('x64');
});

test('this machine is described by its architecture first', () => {
  expect(describeCpu().split(' ')[0]).toBe(process.arch);
});
