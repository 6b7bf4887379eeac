// Sine, cosine, arc tangent, exponential and logarithm that give the same bits on every machine. `Math.sin` and its kin may
// differ between JavaScript engines, so nothing whose state is hashed may call them. Built from + - * / sqrt floor and
// reads of the bits of a double alone, after the methods of FreeBSD's msun (fdlibm): kernels on a reduced argument.
// Error against a correctly rounded result: below 1e-15 relative for arguments that a robot meets.

/** The circle constant. */
export const PI = Math.PI
/** One full turn in radians. */
export const TAU = 2 * Math.PI
const HALF_PI = Math.PI / 2

// Pi/2 in three parts of 33 bits each, so that n times a part is exact for |n| < 2^20 (Cody and Waite).
const PIO2_1 = 1.5707963267341256
const PIO2_2 = 6.077100506303922e-11
const PIO2_3 = 2.0222662487111665e-21
const TWO_OVER_PI = 0.6366197723675814

function sineKernel(x: number): number {
  const z = x * x
  const r =
    0.00833333333332249 +
    z * (-0.0001984126982985795 + z * (0.0000027557313707070068 + z * (-2.5050760253406863e-8 + z * 1.58969099521155e-10)))
  return x + z * x * (-0.16666666666666632 + z * r)
}

function cosineKernel(x: number): number {
  const z = x * x
  const r =
    z *
    (0.0416666666666666 +
      z *
        (-0.001388888888887411 +
          z * (0.00002480158728947673 + z * (-2.7557314351390663e-7 + z * (2.087572321298175e-9 + z * -1.1359647557788195e-11)))))
  const half = 0.5 * z
  const w = 1 - half
  return w + (1 - w - half + z * r)
}

/** The reduced argument in [-pi/4, pi/4]; `quadrant` 0–3 says which kernel serves. Loses accuracy, never exactness, past 1e6. */
function reduce(x: number, n: number): number {
  return x - n * PIO2_1 - n * PIO2_2 - n * PIO2_3
}

/** Sine of an angle in radians; NaN for anything that is not finite. */
export function sin(x: number): number {
  const n = Math.floor(x * TWO_OVER_PI + 0.5)
  const r = reduce(x, n)
  const quadrant = n - 4 * Math.floor(n / 4)
  if (quadrant === 0) return sineKernel(r)
  if (quadrant === 1) return cosineKernel(r)
  if (quadrant === 2) return -sineKernel(r)
  return -cosineKernel(r)
}

/** Cosine of an angle in radians; NaN for anything that is not finite. */
export function cos(x: number): number {
  const n = Math.floor(x * TWO_OVER_PI + 0.5)
  const r = reduce(x, n)
  const quadrant = n - 4 * Math.floor(n / 4)
  if (quadrant === 0) return cosineKernel(r)
  if (quadrant === 1) return -sineKernel(r)
  if (quadrant === 2) return -cosineKernel(r)
  return sineKernel(r)
}

/** Tangent of an angle in radians. */
export const tan = (x: number): number => sin(x) / cos(x)

const ATAN_ODD = [
  0.3333333333333293, -0.19999999999876483, 0.14285714272503466, -0.11111110405462356, 0.09090887133436507, -0.0769187620504483,
  0.06661073137387531, -0.058335701337905735, 0.049768779946159324, -0.036531572744216916, 0.016285820115365782,
]

function atanSeries(x: number): number {
  const z = x * x
  let sum = 0
  for (let i = ATAN_ODD.length - 1; i >= 0; i--) sum = (ATAN_ODD[i] ?? 0) + z * sum
  return x - x * z * sum
}

/** Arc tangent in radians, in [-pi/2, pi/2]. */
export function atan(x: number): number {
  const a = Math.abs(x)
  const sign = x < 0 ? -1 : 1
  if (a < 0.4375) return atanSeries(x)
  if (a < 0.6875) return sign * (0.4636476090008061 + atanSeries((2 * a - 1) / (2 + a)))
  if (a < 1.1875) return sign * (0.7853981633974483 + atanSeries((a - 1) / (a + 1)))
  if (a < 2.4375) return sign * (0.982793723247329 + atanSeries((a - 1.5) / (1 + 1.5 * a)))
  return sign * (HALF_PI + atanSeries(-1 / a))
}

/** The angle of the point (x, y) in radians, in (-pi, pi]; 0 at the origin. */
export function atan2(y: number, x: number): number {
  if (x > 0) return atan(y / x)
  if (x < 0) return y >= 0 ? atan(y / x) + PI : atan(y / x) - PI
  if (y > 0) return HALF_PI
  if (y < 0) return -HALF_PI
  return x === 0 && y === 0 ? 0 : Number.NaN
}

/** Arc sine in radians; arguments past one by rounding are clamped. */
export function asin(x: number): number {
  const c = x > 1 ? 1 : x < -1 ? -1 : x
  return atan2(c, Math.sqrt((1 - c) * (1 + c)))
}

/** Arc cosine in radians; arguments past one by rounding are clamped. */
export function acos(x: number): number {
  const c = x > 1 ? 1 : x < -1 ? -1 : x
  return atan2(Math.sqrt((1 - c) * (1 + c)), c)
}

const LN2_HIGH = 0.6931471803691238
const LN2_LOW = 1.9082149292705877e-10
const view = new DataView(new ArrayBuffer(8))

/** Two to the whole power `k`, exact, 0 below -1022 and infinite above 1023. */
function powerOfTwo(k: number): number {
  if (k < -1022) return 0
  if (k > 1023) return Number.POSITIVE_INFINITY
  view.setUint32(0, (k + 1023) * 1048576)
  view.setUint32(4, 0)
  return view.getFloat64(0)
}

/** e to the power `x`; results that would be subnormal are 0. */
export function exp(x: number): number {
  if (Number.isNaN(x)) return x
  if (x > 709.78) return Number.POSITIVE_INFINITY
  if (x < -708) return 0
  const k = Math.floor(x * Math.LOG2E + 0.5)
  const high = x - k * LN2_HIGH
  const low = k * LN2_LOW
  const r = high - low
  const t = r * r
  const c =
    r -
    t *
      (0.16666666666666602 +
        t * (-0.0027777777777015593 + t * (0.00006613756321437934 + t * (-0.0000016533902205465252 + t * 4.1381367970572385e-8))))
  const y = 1 - (low - (r * c) / (2 - c) - high)
  return k === 1024 ? y * 2 * powerOfTwo(1023) : y * powerOfTwo(k)
}

/** Natural logarithm; -Infinity at 0, NaN below. */
export function log(x: number): number {
  if (Number.isNaN(x) || x < 0) return Number.NaN
  if (x === 0) return Number.NEGATIVE_INFINITY
  if (x === Number.POSITIVE_INFINITY) return x
  // A subnormal is lifted by 2^54 first, so that its exponent field is meaningful.
  const lifted = x < 2.2250738585072014e-308
  view.setFloat64(0, lifted ? x * 18014398509481984 : x)
  let k = Math.floor(view.getUint32(0) / 1048576) - 1023 - (lifted ? 54 : 0)
  view.setUint32(0, (view.getUint32(0) % 1048576) + 1023 * 1048576)
  let m = view.getFloat64(0)
  if (m > Math.SQRT2) {
    m /= 2
    k += 1
  }
  const f = m - 1
  const s = f / (2 + f)
  const z = s * s
  const w = z * z
  const even = w * (0.3999999999940942 + w * (0.22222198432149784 + w * 0.15313837699209373))
  const odd = z * (0.6666666666666735 + w * (0.2857142874366239 + w * (0.1818357216161805 + w * 0.14798198605116586)))
  const half = 0.5 * f * f
  return k * LN2_HIGH - (half - (s * (half + even + odd) + k * LN2_LOW) - f)
}

/** `x` to the power `y` for positive `x`, through exp and log. */
export const pow = (x: number, y: number): number => (x === 0 ? (y === 0 ? 1 : 0) : exp(y * log(x)))

/** The same angle in [-pi, pi). */
export function wrapAngle(angle: number): number {
  return angle - TAU * Math.floor((angle + PI) / TAU)
}
