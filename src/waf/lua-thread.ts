// The thread that runs the Lua scripts of rules. A thread, because nothing inside Lua can stop a script in
// every place where it may take for ever.

import type { ScriptSource } from '../model/script.ts';
import { findFault, luaText } from './lua-fault.ts';
import type { FromLuaThread, ToLuaThread } from './lua-messages.ts';
import { LuaModule } from './lua-module.ts';
import { LuaSandbox } from './lua-sandbox.ts';
import { threadSide } from './sync-thread-side.ts';

const engine = threadSide<ToLuaThread, FromLuaThread>();
const sandbox = new LuaSandbox(await LuaModule.load(), engine.ask);
const scripts = new Map<number, ScriptSource>();

function answer(question: ToLuaThread): FromLuaThread {
  switch (question.kind) {
    case 'load': {
      const { id, source } = question;
      const fault = findFault(source.text, (text) => sandbox.complaint(text));
      if (fault === undefined) scripts.set(id, { ...source, text: luaText(source.text).text });
      return { kind: 'loaded', fault };
    }
    case 'run': {
      const script = scripts.get(question.id);
      if (script === undefined) return { kind: 'failed', text: 'there is no such script' };
      return sandbox.run({ ...script, argument: question.argument });
    }
    default:
      return { kind: 'failed', text: 'nothing was asked' };
  }
}

engine.answer((question) => {
  try {
    return answer(question);
  } catch (error) {
    return { kind: 'failed', text: error instanceof Error ? error.message : String(error) };
  }
});
