import { openMnist } from './src/datasets/mnist.ts';
for (let i = 0; i < 3; i++) { const c = process.cpuUsage(); const t = performance.now(); const d = await openMnist({ type: 'mnist', flatten: true }, { labels: 'oneHot', seed: 1 }); const t1 = performance.now(); const u = process.cpuUsage(c);
console.log('open', (t1 - t).toFixed(0), 'cpu ms', u.user / 1000, u.system / 1000); }
