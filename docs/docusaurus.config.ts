import type * as Preset from '@docusaurus/preset-classic'
import type { Config } from '@docusaurus/types'
import { courseData } from './plugins/course-data'
import { coverage } from './plugins/coverage'
import { kafkaData } from './plugins/kafka-data'
import { snippets } from './plugins/snippets'
import { isRussian, typography } from './plugins/typography'
import { bindWords } from './scripts/lib/typography.mjs'
import { dark, light } from './src/css/prism'

/**
 * The site of the course: English at /, Russian at /ru/, built by rspack.
 *
 * The persistent cache stays off: a page's snippet and the glossary come from files that the bundler
 * does not know as the page's dependencies, so a cached page could show yesterday's source.
 */
const config: Config = {
  title: 'Offset Zero',
  tagline: 'A lab kit that teaches Apache Kafka from offset 0',
  favicon: 'img/favicon.svg',
  url: 'http://localhost:3000',
  baseUrl: '/',
  trailingSlash: true,
  onBrokenLinks: 'throw',
  onBrokenAnchors: 'throw',
  onDuplicateRoutes: 'throw',
  future: {
    v4: true,
    faster: {
      swcJsLoader: true,
      swcJsMinimizer: true,
      swcHtmlMinimizer: true,
      lightningCssMinimizer: true,
      mdxCrossCompilerCache: true,
      rspackBundler: true,
      rspackPersistentCache: false,
      ssgWorkerThreads: true,
      gitEagerVcs: false,
    },
  },
  i18n: {
    defaultLocale: 'en',
    locales: ['en', 'ru'],
    localeConfigs: {
      en: { label: 'English', htmlLang: 'en' },
      ru: { label: 'Русский', htmlLang: 'ru' },
    },
  },
  markdown: {
    hooks: { onBrokenMarkdownLinks: 'throw', onBrokenMarkdownImages: 'throw' },
    // A title is drawn by the theme, where no rehype plugin comes by.
    parseFrontMatter: async ({ defaultParseFrontMatter, filePath, fileContent }) => {
      const page = await defaultParseFrontMatter({ filePath, fileContent })
      const { title } = page.frontMatter
      if (typeof title === 'string' && isRussian(filePath)) page.frontMatter.title = bindWords(title)
      return page
    },
  },
  plugins: [courseData, coverage, kafkaData],
  themes: [
    [
      '@easyops-cn/docusaurus-search-local',
      {
        language: ['en', 'ru'],
        hashed: 'filename',
        indexBlog: false,
        docsRouteBasePath: '/',
        docsDir: ['docs', 'i18n/ru/docusaurus-plugin-content-docs/current'],
        highlightSearchTermsOnTargetPage: false,
        explicitSearchResultPath: true,
        ignoreCssSelectors: ['[role=tooltip]', '.oz-playground'],
      },
    ],
  ],
  presets: [
    [
      'classic',
      {
        docs: {
          routeBasePath: '/',
          sidebarPath: './sidebars.ts',
          numberPrefixParser: false,
          breadcrumbs: false,
          beforeDefaultRemarkPlugins: [snippets],
          rehypePlugins: [typography],
        },
        blog: false,
        theme: { customCss: ['./src/css/palette.css', './src/css/custom.css'] },
      } satisfies Preset.Options,
    ],
  ],
  themeConfig: {
    colorMode: { respectPrefersColorScheme: true },
    docs: { sidebar: { hideable: false } },
    navbar: {
      title: 'Offset Zero',
      logo: { alt: '', src: 'img/logo.svg', srcDark: 'img/logo-dark.svg', width: 34, height: 28 },
      items: [
        {
          to: '/start/',
          label: 'Course',
          position: 'left',
          activeBaseRegex:
            '/(start|basics|producers|consumers|delivery|storage|cluster|operations|around|building)/',
        },
        { to: '/labs/', label: 'Labs', position: 'left' },
        { to: '/playground/', label: 'Playground', position: 'left' },
        { to: '/glossary/', label: 'Glossary', position: 'left' },
        { type: 'localeDropdown', position: 'right' },
      ],
    },
    footer: {
      copyright:
        'Offset Zero, Apache License 2.0. Apache Kafka is a trademark of the Apache Software Foundation, which neither made nor endorses this course.',
    },
    prism: { theme: light, darkTheme: dark, additionalLanguages: ['bash', 'json', 'yaml'] },
  } satisfies Preset.ThemeConfig,
}

export default config
