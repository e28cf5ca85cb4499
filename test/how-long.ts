/** Says at the start how long all tests take, so that nobody takes a quiet minute for a hang. */
export default function setup(): void {
  const words = process.argv.slice(2);
  const isPart = words.some((word, index) => !/^(?:-|run$)/.test(word) && words[index - 1] !== '--config');
  if (isPart) return;
  console.log('All tests: about four minutes on two cores, longer beside other work.');
}
