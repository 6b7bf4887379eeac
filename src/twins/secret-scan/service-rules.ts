// The rules for tokens that services hand out to developers: the ones that end up in manifests and notebooks beside a twin.
// Same form and same care as in `token-rules.ts`.
import { hasBase62Checksum } from './checksums.ts'
import type { TokenRule } from './rule.ts'

const word = 'A-Za-z0-9_'
const words = 'A-Za-z0-9_-'
const dotted = 'A-Za-z0-9_.-'

/** Rules for the tokens of services. */
export const serviceRules: readonly TokenRule[] = [
  {
    id: 'github-token',
    title: 'GitHub token',
    anchors: ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_'],
    run: word,
    lengthMax: 64,
    pattern: /^(gh[pousr]_[A-Za-z0-9]{36})$/,
    accept: hasBase62Checksum,
  },
  {
    id: 'github-fine-grained-token',
    title: 'GitHub fine-grained token',
    anchors: ['github_pat_'],
    run: word,
    lengthMax: 128,
    pattern: /^(github_pat_[A-Za-z0-9]{22}_[A-Za-z0-9]{59})$/,
  },
  {
    id: 'gitlab-token',
    title: 'GitLab token',
    anchors: ['glpat-', 'gldt-', 'glrt-', 'glptt-'],
    run: words,
    lengthMax: 128,
    pattern: /^(gl(?:pat|dt|rt|ptt)-[A-Za-z0-9_-]{20,})$/,
  },
  {
    id: 'npm-token',
    title: 'npm token',
    anchors: ['npm_'],
    run: word,
    lengthMax: 64,
    pattern: /^(npm_[A-Za-z0-9]{36})$/,
    accept: hasBase62Checksum,
  },
  {
    id: 'pypi-token',
    title: 'PyPI token',
    anchors: ['pypi-AgEIcHlwaS5vcmc'],
    run: words,
    lengthMax: 512,
    pattern: /^(pypi-AgEIcHlwaS5vcmc[A-Za-z0-9_-]{50,})$/,
  },
  {
    id: 'docker-token',
    title: 'Docker access token',
    anchors: ['dckr_pat_'],
    run: words,
    lengthMax: 64,
    pattern: /^(dckr_pat_[A-Za-z0-9_-]{27,})$/,
  },
  {
    id: 'slack-token',
    title: 'Slack token',
    anchors: ['xoxb-', 'xoxp-', 'xoxa-', 'xoxr-', 'xoxs-', 'xapp-'],
    run: words,
    lengthMax: 256,
    pattern: /^(x(?:ox[bpars]|app)-\d[A-Za-z0-9-]{24,})$/,
  },
  {
    id: 'slack-webhook',
    title: 'Slack webhook address',
    anchors: ['hooks.slack.com/services/T'],
    run: `${dotted}/`,
    lengthMax: 128,
    pattern: /^hooks\.slack\.com\/services\/(T[A-Z0-9]{7,12}\/B[A-Z0-9]{7,12}\/[A-Za-z0-9]{24})$/,
  },
  {
    id: 'stripe-key',
    title: 'Stripe key',
    anchors: ['sk_live_', 'rk_live_', 'sk_test_', 'rk_test_'],
    run: word,
    lengthMax: 256,
    pattern: /^([rs]k_(?:live|test)_[A-Za-z0-9]{24,})$/,
  },
  {
    id: 'webhook-secret',
    title: 'Webhook signing secret',
    anchors: ['whsec_'],
    run: 'A-Za-z0-9+/=_',
    lengthMax: 128,
    pattern: /^(whsec_[A-Za-z0-9+/]{32,}={0,2})$/,
  },
  {
    id: 'vault-token',
    title: 'Vault or OpenBao token',
    anchors: ['hvs.', 'hvb.', 'hvr.'],
    run: dotted,
    lengthMax: 256,
    pattern: /^(hv[sbr]\.[A-Za-z0-9_-]{24,})(?![A-Za-z0-9_-])/,
  },
  {
    id: 'model-provider-key',
    title: 'Key of a model provider',
    anchors: ['sk-proj-', 'sk-ant-', 'sk-svcacct-', 'sk-or-v1-'],
    run: words,
    lengthMax: 256,
    pattern: /^(sk-(?:proj|ant|svcacct|or-v1)-[A-Za-z0-9_-]{32,})$/,
  },
  { id: 'huggingface-token', title: 'Hugging Face token', anchors: ['hf_'], run: word, lengthMax: 64, pattern: /^(hf_[A-Za-z]{34})$/ },
  { id: 'nvidia-key', title: 'NVIDIA API key', anchors: ['nvapi-'], run: words, lengthMax: 128, pattern: /^(nvapi-[A-Za-z0-9_-]{60,})$/ },
]
