const { Module } = require("node:module");

/**
 * Puts a part in place of a module that is not loaded yet. Whatever the part does not have loads the
 * whole module, once, and is its own: also what a later version of the SDK asks for.
 * @param {string} file the module, as it is resolved
 * @param {object} part what is asked of it in most runs
 */
exports.standIn = (file, part) => {
  if (require.cache[file] !== undefined) return;
  const module = new Module(file);
  const whole = () => {
    if (require.cache[file] === module) delete require.cache[file];
    return require(file);
  };
  const of = (name) => (Object.hasOwn(part, name) ? part : whole());
  module.exports = new Proxy(part, {
    get: (_, name) => of(name)[name],
    has: (_, name) => name in of(name),
    ownKeys: () => Reflect.ownKeys(whole()),
    getOwnPropertyDescriptor: (_, name) => Reflect.getOwnPropertyDescriptor(of(name), name),
  });
  module.filename = file;
  module.loaded = true;
  require.cache[file] = module;
};
