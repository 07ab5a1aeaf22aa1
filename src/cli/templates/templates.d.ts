/** A Handlebars template, compiled when dvrc is built. */
declare module "*.hbs" {
  const render: (data: object) => string;
  export default render;
}
