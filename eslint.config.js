// Lint with types, strictly: no `any`, no floating promises, hooks used right. Layout is prettier's; layers are test/layers'.
// Scripts (.mjs) have no types and are held to the rest.
import reactHooks from 'eslint-plugin-react-hooks'
import tseslint from 'typescript-eslint'

export default tseslint.config(
  {
    ignores: ['out/', 'native/', 'models/', 'node_modules/', '**/*.js', '**/*.cjs', 'test/fixtures/'],
  },
  ...tseslint.configs.strictTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  {
    rules: {
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/no-non-null-assertion': 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'as' }],
      '@typescript-eslint/switch-exhaustiveness-check': [
        'error',
        { considerDefaultExhaustiveForUnions: true },
      ],
      'no-console': 'error',
      // A number in a sentence is what it looks like.
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `() => set(x)` as a handler and `return end()` as a way out say what they do.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // It does not see what callbacks change, and takes groups of regular expressions and old systems' constants for always there.
      '@typescript-eslint/no-unnecessary-condition': 'off',
      // `void` before an assignment keeps its value from being returned.
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // Variables of an environment and records by id have no other way to go.
      '@typescript-eslint/no-dynamic-delete': 'off',
    },
  },
  {
    files: ['renderer/**/*.{ts,tsx}'],
    plugins: { 'react-hooks': reactHooks },
    rules: {
      ...reactHooks.configs.recommended.rules,
      // Names of classes come from CSS modules, whose types say that any may be missing.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowNullish: true },
      ],
    },
  },
  {
    files: ['test/**'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      'no-console': 'off',
      // What is not there is seen in what is compared with it.
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowNullish: true },
      ],
      // A test that looks into an error fails where it is another one.
      '@typescript-eslint/use-unknown-in-catch-callback-variable': 'off',
    },
  },
  // Scripts talk to a terminal, and JavaScript has no types to say.
  { files: ['**/*.mjs'], ...tseslint.configs.disableTypeChecked },
  { files: ['**/*.mjs'], rules: { 'no-console': 'off' } },
)
