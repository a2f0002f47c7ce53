/** A token that tells by its first characters what it is. */
export interface TokenShape {
  readonly kind: string;
  /** What it begins with, exactly. */
  readonly heads: readonly string[];
  /** What follows the head, as the source of a regular expression whose every repetition is bounded. */
  readonly rest: string;
  /** The head alone proves little: what follows must look like chance. */
  readonly isLoose?: true;
}

const shape = (kind: string, heads: string, rest: string): TokenShape => ({ kind, heads: heads.split(' '), rest });
const loose = (kind: string, heads: string, rest: string): TokenShape => ({
  ...shape(kind, heads, rest),
  isLoose: true,
});

/** Not followed by more of the same. */
const end = '(?![A-Za-z0-9])';

/**
 * The published forms of tokens, by who gives them out. A rest is shorter than the real one where the head is
 * unmistakable, so that a token that is being typed, or that is cut off, is known too.
 */
export const tokenShapes: readonly TokenShape[] = [
  // Clouds
  shape('aws-access-key', 'AKIA ASIA ABIA ACCA AROA AIDA AGPA AIPA ANPA ANVA', `[A-Z0-9]{12,16}${end}`),
  shape('aws-session-token', 'IQoJb3JpZ2luX2Vj FwoGZXIvYXdz FQoGZXIvYXdz', '[A-Za-z0-9+/=]{40,4096}'),
  shape('aws-bedrock-key', 'ABSK', '[A-Za-z0-9+/]{60,260}={0,2}'),
  shape('aws-mws-key', 'amzn.mws.', '[0-9a-f-]{20,40}'),
  shape('google-api-key', 'AIza', '[0-9A-Za-z_-]{30,40}'),
  shape('google-oauth-token', 'ya29.', '[A-Za-z0-9_-]{20,2048}'),
  shape('google-oauth-secret', 'GOCSPX-', '[A-Za-z0-9_-]{16,40}'),
  loose('google-refresh-token', '1//0', '[A-Za-z0-9_-]{30,200}'),
  shape('firebase-key', 'AAAA', '[A-Za-z0-9_-]{7}:[A-Za-z0-9_-]{100,200}'),
  shape('digitalocean-token', 'dop_v1_ doo_v1_ dor_v1_', '[a-f0-9]{20,64}'),
  shape('alibaba-access-key', 'LTAI', `[A-Za-z0-9]{12,24}${end}`),
  shape('tencent-access-key', 'AKID', `[A-Za-z0-9]{32}${end}`),
  shape('heroku-key', 'HRKU-', '[A-Za-z0-9_-]{30,70}'),
  shape('netlify-token', 'nfp_', '[A-Za-z0-9]{30,50}'),
  shape('vercel-token', 'vercel_blob_rw_', '[A-Za-z0-9_]{20,80}'),
  loose('vercel-token', 'vcp_ vci_ vca_ vcr_ vck_', '[A-Za-z0-9]{20,80}'),
  shape('fly-token', 'fm1r_ fm1a_ fm2_ fo1_', '[A-Za-z0-9+/_=,-]{30,2048}'),
  loose('render-key', 'rnd_', '[A-Za-z0-9]{20,60}'),
  shape('supabase-key', 'sbp_ sb_secret_', '[A-Za-z0-9_-]{20,80}'),
  shape('planetscale-token', 'pscale_tkn_ pscale_pw_ pscale_oauth_', '[A-Za-z0-9_.=-]{20,80}'),
  loose('neon-key', 'napi_', '[a-z0-9]{30,80}'),
  shape('cloudflare-token', 'cfut_ cfat_ cfk_', '[A-Za-z0-9_-]{30,80}'),
  shape('cloudflare-origin-key', 'v1.0-', '[a-f0-9]{24}-[a-f0-9]{100,160}'),
  shape('ibm-key', 'ApiKey-', '[0-9a-f-]{36}'),
  shape('scaleway-access-key', 'SCW', `[A-Z0-9]{17}${end}`),
  // Code and packages
  shape('github-token', 'ghp_ gho_ ghu_ ghs_ ghr_', '[A-Za-z0-9]{20,255}'),
  shape('github-token', 'github_pat_', '[A-Za-z0-9_]{20,255}'),
  shape(
    'gitlab-token',
    'glpat- gldt- glrt- glrtr- glcbt- glptt- glft- glsoat- glagent- gloas- glimt- glffct- glwt-',
    '[A-Za-z0-9_.-]{16,300}',
  ),
  shape('gitlab-token', 'GR1348941', '[A-Za-z0-9_-]{16,40}'),
  shape('bitbucket-token', 'ATBB', `[A-Za-z0-9_=-]{24,200}`),
  shape('atlassian-token', 'ATATT3 ATCTT3 ATSTT3', '[A-Za-z0-9_=.-]{40,300}'),
  shape('npm-token', 'npm_', `[A-Za-z0-9]{30,60}`),
  shape('pypi-token', 'pypi-AgE', '[A-Za-z0-9_-]{30,400}'),
  shape('rubygems-key', 'rubygems_', '[a-f0-9]{30,64}'),
  shape('nuget-key', 'oy2', `[a-z0-9]{43}${end}`),
  shape('crates-token', 'cio', `[A-Za-z0-9]{32}${end}`),
  shape('clojars-token', 'CLOJARS_', '[A-Za-z0-9]{40,80}'),
  shape('docker-token', 'dckr_pat_ dckr_oat_', '[A-Za-z0-9_-]{20,60}'),
  shape('artifactory-key', 'AKCp', '[A-Za-z0-9]{50,90}'),
  shape('artifactory-token', 'cmVmdGtuO', '[A-Za-z0-9+/=]{40,120}'),
  shape('sonarqube-token', 'sqp_ squ_ sqa_', '[a-f0-9]{30,60}'),
  shape('circleci-token', 'CCIPAT_ CCIPRJ_', '[A-Za-z0-9_]{30,100}'),
  shape('buildkite-token', 'bkua_ bkaj_ bkct_', '[a-zA-Z0-9]{30,60}'),
  shape('terraform-token', 'atlasv1.', '[A-Za-z0-9_=-]{40,90}'),
  loose('vault-token', 'hvs. hvb. hvr.', '[A-Za-z0-9_-]{20,320}'),
  shape('pulumi-token', 'pul-', `[a-f0-9]{40}${end}`),
  shape('doppler-token', 'dp.pt. dp.st. dp.ct. dp.sa. dp.scim. dp.audit.', '[A-Za-z0-9_.-]{30,80}'),
  shape('onepassword-token', 'ops_eyJ', '[A-Za-z0-9+/=_-]{60,2000}'),
  shape('age-key', 'AGE-SECRET-KEY-1', '[A-Z0-9]{40,60}'),
  shape('postman-key', 'PMAK-', '[a-f0-9]{20,24}-[a-f0-9]{20,34}'),
  shape('databricks-token', 'dapi', `[a-f0-9]{32}(?:-\\d)?${end}`),
  shape('prefect-key', 'pnu_ pnb_', `[A-Za-z0-9]{36}${end}`),
  shape('jenkins-agent-token', 'jenkins_', '[A-Za-z0-9]{30,64}'),
  // Talk
  shape('slack-token', 'xoxb- xoxp- xoxa- xoxo- xoxr- xoxs- xoxc- xoxd- xoxe- xoxe.', '[A-Za-z0-9%.-]{10,300}'),
  shape('slack-app-token', 'xapp-', '[A-Za-z0-9-]{20,160}'),
  shape('slack-webhook', 'hooks.slack.com/', '(?:services|workflows|triggers)/[A-Za-z0-9_/-]{20,160}'),
  shape('discord-webhook', 'discord.com/api/webhooks/ discordapp.com/api/webhooks/', '\\d{15,22}/[\\w-]{40,90}'),
  shape('teams-webhook', 'webhook.office.com/webhookb2/', '[A-Za-z0-9@/-]{60,300}'),
  shape('sendgrid-key', 'SG.', '[\\w-]{10,40}\\.[\\w-]{20,80}'),
  shape('mailgun-key', 'key-', `[0-9a-f]{32}${end}`),
  shape('brevo-key', 'xkeysib- xsmtpsib-', '[a-f0-9]{40,64}-?[A-Za-z0-9]{0,20}'),
  loose('resend-key', 're_', '[A-Za-z0-9]{8}_[A-Za-z0-9]{20,30}'),
  shape('twilio-key', 'SK AC', `[0-9a-f]{32}${end}`),
  loose('postmark-token', 'PMB-', '[0-9a-f-]{36}'),
  // Money
  shape('stripe-key', 'sk_live_ sk_test_ rk_live_ rk_test_ sk_org_', '[A-Za-z0-9_]{16,250}'),
  shape('stripe-webhook-secret', 'whsec_', '[A-Za-z0-9+/=]{20,80}'),
  shape('square-token', 'sq0atp- sq0csp-', '[A-Za-z0-9_-]{20,60}'),
  shape('square-token', 'EAAA', `[A-Za-z0-9_-]{60}${end}`),
  shape('paypal-token', 'access_token$production$ access_token$sandbox$', '[a-z0-9]{10,20}\\$[a-f0-9]{20,40}'),
  shape('plaid-token', 'access-sandbox- access-development- access-production-', '[0-9a-f-]{36}'),
  loose('razorpay-key', 'rzp_live_ rzp_test_', '[A-Za-z0-9]{14,20}'),
  shape('shopify-token', 'shpat_ shpca_ shppa_ shpss_ shpua_', '[A-Za-z0-9]{20,64}'),
  shape('flutterwave-key', 'FLWSECK-', '[A-Za-z0-9-]{20,60}'),
  shape('paddle-key', 'pdl_live_apikey_ pdl_sdbx_apikey_', '[A-Za-z0-9_]{30,90}'),
  shape('easypost-key', 'EZAK EZTK', `[A-Za-z0-9]{50,60}${end}`),
  shape('shippo-key', 'shippo_live_ shippo_test_', '[a-f0-9]{30,50}'),
  // Models
  shape('anthropic-key', 'sk-ant-', '[A-Za-z0-9_-]{20,200}'),
  shape('openai-key', 'sk-proj- sk-svcacct- sk-admin- sk-None-', '[A-Za-z0-9_-]{20,250}'),
  shape('openrouter-key', 'sk-or-v1-', '[a-f0-9]{40,80}'),
  loose('openai-key', 'sk-', '[A-Za-z0-9_-]{20,200}'),
  shape('huggingface-token', 'hf_ api_org_', '[A-Za-z]{30,40}'),
  loose('huggingface-token', 'hf_', '[A-Za-z0-9]{30,40}'),
  shape('groq-key', 'gsk_', '[A-Za-z0-9]{30,60}'),
  loose('replicate-token', 'r8_', '[A-Za-z0-9]{30,44}'),
  shape('perplexity-key', 'pplx-', '[A-Za-z0-9]{30,60}'),
  shape('xai-key', 'xai-', '[A-Za-z0-9]{50,100}'),
  shape('nvidia-key', 'nvapi-', '[A-Za-z0-9_-]{40,90}'),
  shape('langsmith-key', 'lsv2_pt_ lsv2_sk_', '[a-f0-9]{20,40}_?[a-f0-9]{0,12}'),
  shape('pinecone-key', 'pcsk_', '[A-Za-z0-9_]{40,90}'),
  shape('tavily-key', 'tvly-', '[A-Za-z0-9-]{24,60}'),
  loose('fireworks-key', 'fw_ csk- tgp_v1_', '[A-Za-z0-9_-]{20,60}'),
  loose('elevenlabs-key', 'sk_', '[a-f0-9]{40,60}'),
  // Tools
  shape('linear-key', 'lin_api_ lin_oauth_ lin_wh_', '[A-Za-z0-9]{30,130}'),
  loose('notion-token', 'ntn_ secret_', '[A-Za-z0-9]{40,52}'),
  shape('figma-token', 'figd_ figo_ figu_', '[A-Za-z0-9_-]{36,200}'),
  shape('contentful-token', 'CFPAT-', '[A-Za-z0-9_-]{40,60}'),
  shape('sentry-token', 'sntrys_ sntryu_', '[A-Za-z0-9+/=_]{40,400}'),
  shape('newrelic-key', 'NRAK- NRII- NRIQ- NRAA-', '[A-Za-z0-9_-]{20,50}'),
  shape('grafana-token', 'glc_ glsa_ eyJrIjoi', '[A-Za-z0-9+/_=]{32,400}'),
  shape('dynatrace-token', 'dt0c01. dt0s01. dt0s16.', '[A-Z0-9]{24}\\.[A-Z0-9]{40,64}'),
  shape('honeycomb-key', 'hcaik_ hcxik_ hcamk_', '[A-Za-z0-9_]{40,80}'),
  shape('launchdarkly-key', 'sdk- api-', `[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}${end}`),
  shape('hubspot-token', 'pat-na1- pat-na2- pat-eu1-', '[0-9a-f-]{30,40}'),
  shape('mapbox-token', 'sk.eyJ', '[A-Za-z0-9_-]{20,200}\\.[A-Za-z0-9_-]{10,40}'),
  shape('dropbox-token', 'sl.', '[A-Za-z0-9_-]{100,1500}'),
  loose('twitter-token', 'AAAAAAAAAAAAAAAAAAAAA', '[A-Za-z0-9%]{50,150}'),
  shape('facebook-token', 'EAA', `[A-Za-z0-9]{80,400}${end}`),
  shape('airtable-token', 'pat', `[A-Za-z0-9]{14}\\.[a-f0-9]{64}${end}`),
  loose('typeform-token', 'tfp_', '[A-Za-z0-9_.=-]{40,70}'),
  loose('zuplo-key', 'zpka_ zpcl_', '[A-Za-z0-9_-]{30,60}'),
  shape('duffel-token', 'duffel_live_ duffel_test_', '[A-Za-z0-9_-]{30,60}'),
  shape('frameio-token', 'fio-u-', '[A-Za-z0-9_-]{50,70}'),
  shape('readme-key', 'rdme_', '[a-z0-9]{50,80}'),
  shape('adafruit-key', 'aio_', `[A-Za-z0-9]{28}${end}`),
  // Formats that many use
  shape('json-web-token', 'eyJ', '[A-Za-z0-9_-]{12,8192}\\.[A-Za-z0-9_-]{6,8192}(?:\\.[A-Za-z0-9_-]{0,8192}){0,3}'),
  shape('password-hash', '$2a$ $2b$ $2y$ $2x$', '\\d\\d\\$[./A-Za-z0-9]{40,60}'),
  shape('password-hash', '$1$ $5$ $6$ $y$ $7$ $apr1$', '[./A-Za-z0-9=$]{20,200}'),
  shape(
    'password-hash',
    '$argon2id$ $argon2i$ $argon2d$ $scrypt$ $pbkdf2-sha256$ $pbkdf2-sha512$',
    '[\\w./+=,$-]{30,300}',
  ),
  shape('password-hash', 'pbkdf2_sha256$ pbkdf2_sha1$ bcrypt_sha256$', '[\\w./+=$]{30,300}'),
];
