import assert from "node:assert/strict";
import { mock, test } from "node:test";
import { signal } from "@preact/signals";
import { repeat } from "../../api/console/src/poll";

/** Questions that a test answers by hand. */
class Asked {
  readonly open: ((answered: boolean) => void)[] = [];
  count = 0;
  ask = (): Promise<boolean> => {
    this.count += 1;
    return new Promise((resolve) => this.open.push(resolve));
  };
  async answer(answered: boolean): Promise<void> {
    this.open.shift()?.(answered);
    await new Promise((resolve) => setImmediate(resolve));
  }
}

test("no question is asked before the one before it has ended, and then at once if it is due", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const asked = new Asked();
  const end = repeat(asked.ask, 3_000, signal(true));
  mock.timers.tick(9_000);
  assert.equal(asked.count, 1);
  await asked.answer(false);
  assert.equal(asked.count, 2);
  await asked.answer(true);
  mock.timers.tick(2_999);
  assert.equal(asked.count, 2);
  mock.timers.tick(1);
  assert.equal(asked.count, 3);
  end();
  await asked.answer(true);
  mock.timers.tick(9_000);
  assert.equal(asked.count, 3);
  mock.timers.reset();
});

test("nothing is asked on a dead line, and everything at once when it is back", async () => {
  mock.timers.enable({ apis: ["setTimeout"] });
  const asked = new Asked();
  const line = signal(true);
  const end = repeat(asked.ask, 3_000, line);
  await asked.answer(true);
  line.value = false;
  mock.timers.tick(60_000);
  assert.equal(asked.count, 1);
  line.value = true;
  assert.equal(asked.count, 2);
  await asked.answer(true);
  mock.timers.tick(3_000);
  assert.equal(asked.count, 3);
  end();
  mock.timers.reset();
});

test("what is asked once and went unanswered is asked again when the line is back; what was answered is not", async () => {
  for (const [answered, count] of [
    [false, 2],
    [true, 1],
  ] as const) {
    const asked = new Asked();
    const line = signal(true);
    const end = repeat(asked.ask, 0, line);
    await asked.answer(answered);
    assert.equal(asked.count, 1);
    line.value = false;
    line.value = true;
    assert.equal(asked.count, count);
    end();
  }
});

test("what is shown first while the line is dead is asked when it is back", () => {
  const asked = new Asked();
  const line = signal(false);
  const end = repeat(asked.ask, 0, line);
  assert.equal(asked.count, 0);
  line.value = true;
  assert.equal(asked.count, 1);
  end();
});
